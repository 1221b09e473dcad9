package dev.loquat.checkpoint.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A flat folder that lives as long as its owner. */
record TemporaryFolder(Path path) {

  static TemporaryFolder create() {
    try {
      return new TemporaryFolder(Files.createTempDirectory("loquat-model-"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "No temporary folder can be made; java.io.tmpdir must name a writable folder", e);
    }
  }

  /** Deletes the folder and its files. A second call does nothing. */
  void delete() {
    try {
      if (Files.exists(path)) {
        for (Path file : files()) {
          Files.delete(file);
        }
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          path + " can't be deleted; close the checkpoint before its folder", e);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.toList();
    }
  }
}
