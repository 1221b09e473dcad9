package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxProcessMemoryTest {
  private static final long UNKNOWN = MemoryReading.UNKNOWN;

  @TempDir private Path process;

  @Test
  void multipliesResidentPagesByTheirSize() throws IOException {
    auxiliaryVector(33, 0x7fff, 6, 65_536, 0, 0);
    assertThat(residentBytes("765 438 410 5 0 123 0\n")).isEqualTo(438 * 65_536);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "765", "765 many 3", "765 -4 3"})
  void isUnknownWhereTheKernelsWordsAreStrange(String statm) throws IOException {
    auxiliaryVector(6, 4096, 0, 0);
    assertThat(residentBytes(statm)).isEqualTo(UNKNOWN);
  }

  @Test
  void isUnknownWithoutAPageSize() throws IOException {
    auxiliaryVector(33, 1, 0, 0);
    assertThat(residentBytes("765 438 3")).isEqualTo(UNKNOWN);
  }

  @Test
  void isUnknownWhereThePageSizeIsCutOff() throws IOException {
    auxiliaryVector(33, 1, 6);
    assertThat(residentBytes("765 438 3")).isEqualTo(UNKNOWN);
  }

  @Test
  void isUnknownWithoutProc() {
    assertThat(new LinuxProcessMemory(process.resolve("none")).residentBytes()).isEqualTo(UNKNOWN);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void agreesWithTheKernelsOtherCount() throws IOException {
    assertThat(ProcessMemory.current().residentBytes())
        .isCloseTo(residentBytesOfStatus(), withinPercentage(10));
  }

  private static long residentBytesOfStatus() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
  }

  private void auxiliaryVector(long... words) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.nativeOrder());
    for (long word : words) {
      bytes.putLong(word);
    }
    Files.write(process.resolve("auxv"), bytes.array());
  }

  private long residentBytes(String statm) throws IOException {
    Files.writeString(process.resolve("statm"), statm);
    return new LinuxProcessMemory(process).residentBytes();
  }
}
