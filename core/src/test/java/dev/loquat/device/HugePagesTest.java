package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HugePagesTest {
  private static final long BLOCK_BYTES = 64L << 20;
  private static final Path SIZE = Path.of("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");

  @Test
  void gathersWhatCameSince() throws IOException {
    assumeThat(SIZE).exists();
    HugePages pages = HugePages.now();
    try (Memory memory = filled()) {
      pages.gather();
      assumeThat(hugeKilobytes(memory)).as("the kernel gathers pages").isPositive();
      assertThat(hugeKilobytes(memory)).isGreaterThan((BLOCK_BYTES >> 10) * 3 / 4);
      assertThat(memory.getByte(BLOCK_BYTES / 3)).isEqualTo((byte) 7);
    }
  }

  @Test
  void leavesMemoryAloneThatWasThere() throws IOException {
    assumeThat(SIZE).exists();
    try (Memory memory = filled()) {
      HugePages.now().gather();
      assertThat(hugeKilobytes(memory)).isLessThan(BLOCK_BYTES >> 12);
    }
  }

  @Test
  void leavesMemoryAloneThatIsHardlyUsed() throws IOException {
    assumeThat(SIZE).exists();
    HugePages pages = HugePages.now();
    try (Memory memory = new Memory(BLOCK_BYTES)) {
      memory.setByte(BLOCK_BYTES / 2, (byte) 1);
      pages.gather();
      assertThat(hugeKilobytes(memory)).isLessThan(BLOCK_BYTES >> 12);
    }
  }

  @Test
  void takesKnownMemoryOutOfAMapping() {
    AnonymousMapping mapping = new AnonymousMapping(10, 50);
    List<AnonymousMapping> known =
        List.of(
            new AnonymousMapping(0, 12),
            new AnonymousMapping(20, 30),
            new AnonymousMapping(45, 60),
            new AnonymousMapping(70, 80));
    assertThat(mapping.without(known))
        .containsExactly(new AnonymousMapping(12, 20), new AnonymousMapping(30, 45));
    assertThat(mapping.without(List.of())).containsExactly(mapping);
    assertThat(mapping.without(List.of(new AnonymousMapping(0, 60)))).isEmpty();
  }

  private static Memory filled() {
    Memory memory = new Memory(BLOCK_BYTES);
    memory.setMemory(0, BLOCK_BYTES, (byte) 7);
    return memory;
  }

  /** AnonHugePages of the mapping that holds a block's middle. */
  private static long hugeKilobytes(Memory memory) throws IOException {
    long middle = Pointer.nativeValue(memory) + BLOCK_BYTES / 2;
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        long start = Long.parseUnsignedLong(line, 0, line.indexOf('-'), 16);
        long end = Long.parseUnsignedLong(line, line.indexOf('-') + 1, line.indexOf(' '), 16);
        inside = start <= middle && middle < end;
      } else if (inside && line.startsWith("AnonHugePages:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("No mapping holds the block");
  }
}
