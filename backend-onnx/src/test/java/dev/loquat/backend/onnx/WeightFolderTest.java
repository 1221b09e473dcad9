package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.error.BackendException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive stands for a second drive. */
class WeightFolderTest {
  @TempDir private Path folder;

  @Test
  void isTheDeepestAboveAllFiles() {
    Path deep = folder.resolve("a/b/c.bin");
    assertThat(WeightFolder.above(List.of(deep, folder.resolve("a/d.bin"))))
        .isEqualTo(folder.resolve("a"));
  }

  @Test
  void knowsWhatLiesOnAnotherDrive() throws IOException {
    try (FileSystem other =
        FileSystems.newFileSystem(folder.resolve("other.zip"), Map.of("create", "true"))) {
      List<Path> files = List.of(folder.resolve("weights.bin"));
      assertThat(WeightFolder.onOneDrive(files, folder.resolve("cache"))).isTrue();
      assertThat(WeightFolder.onOneDrive(files, other.getPath("/cache"))).isFalse();
      List<Path> apart = List.of(folder.resolve("weights.bin"), other.getPath("/weights.bin"));
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> WeightFolder.above(apart))
          .withMessageContaining("no common folder");
    }
  }
}
