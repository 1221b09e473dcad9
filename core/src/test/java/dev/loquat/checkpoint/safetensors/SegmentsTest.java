package dev.loquat.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's list of a process's mappings tells what was given back. */
@EnabledOnOs(OS.LINUX)
final class SegmentsTest {
  private static final int BITS = 12;
  private static final long PAGE = 1L << BITS;

  @TempDir Path temp;

  @Test
  void givesBackWhatWasMappedWhenALaterSegmentFails() throws IOException {
    Path file = Files.write(temp.resolve("leaky.safetensors"), new byte[(int) (3 * PAGE)]);
    try (FileChannel channel = FileChannel.open(file)) {
      assertThatThrownBy(
              () ->
                  Segments.map(
                      3 * PAGE, BITS, (start, bytes) -> mapButTheLast(channel, start, bytes)))
          .isInstanceOf(IOException.class)
          .hasMessage("out of maps");
    }
    assertThat(mappings(file)).isZero();
  }

  @Test
  void mapsUntilClosed() throws IOException {
    Path file = Files.write(temp.resolve("open.safetensors"), new byte[(int) (3 * PAGE)]);
    MappedFile mapped = MappedFile.open(file, BITS);
    assertThat(mappings(file)).isPositive();
    mapped.close();
    assertThat(mappings(file)).isZero();
  }

  private static MappedByteBuffer mapButTheLast(FileChannel channel, long start, long bytes)
      throws IOException {
    if (start == 2 * PAGE) {
      throw new IOException("out of maps");
    }
    return channel.map(FileChannel.MapMode.READ_ONLY, start, bytes);
  }

  private static long mappings(Path file) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.endsWith(file.getFileName().toString()))
        .count();
  }
}
