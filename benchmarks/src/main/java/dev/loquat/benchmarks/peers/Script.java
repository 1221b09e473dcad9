package dev.loquat.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A program in the source of another language or library, kept beside this class. */
final class Script {

  private Script() {}

  /**
   * The speeds that a script prints as one JSON line, by their names.
   *
   * @param name the script's file
   * @param command makes a command of the place where the script lies
   * @throws PeerException if it fails
   */
  static Map<Measure, Double> speeds(String name, Function<Path, List<String>> command) {
    return JsonLines.speeds(output(name, command));
  }

  private static String output(String name, Function<Path, List<String>> command) {
    try {
      Path folder = Files.createTempDirectory("peer");
      Path script = folder.resolve(name);
      try (InputStream text = Objects.requireNonNull(Script.class.getResourceAsStream(name))) {
        Files.copy(text, script);
        return Program.output(command.apply(script));
      } finally {
        Files.deleteIfExists(script);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
