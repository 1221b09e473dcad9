package dev.loquat.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of the whole build. */
final class Repository {
  /** Tests run in their module's folder. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Repository() {}

  /** The pages at the top and in docs. */
  static List<Page> pages() {
    return Stream.concat(files(ROOT, 1, ".md"), files(ROOT.resolve("docs"), 9, ".md"))
        .map(Page::read)
        .toList();
  }

  /** The Java sources that the build compiles. */
  static List<Path> sources() {
    return files(ROOT, 20, ".java").toList();
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path folder, int depth, String suffix) {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .filter(file -> !ROOT.relativize(file).toString().contains("target"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
