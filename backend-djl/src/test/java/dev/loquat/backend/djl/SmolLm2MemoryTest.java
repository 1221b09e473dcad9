package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What SmolLM2-135M-Instruct takes of the process, and what comes back. */
class SmolLm2MemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long PEAK_BYTES = 1_300_000_000;

  @Test
  void givesMemoryBackEveryTime() {
    Path folder = folder();
    Assumptions.assumeThat(STATUS).as("only Linux tells a process its memory").exists();
    long early = floorOfTenRounds(folder);
    long late = floorOfTenRounds(folder);
    assertThat(late).isLessThan(early + early / 10);
    assertThat(status("VmHWM")).isLessThan(PEAK_BYTES);
  }

  /**
   * The least memory after any of ten rounds. Single readings wander by 14 % without a trend, as
   * the allocator keeps more or fewer free pages; a leak raises the least of them, too.
   */
  private static long floorOfTenRounds(Path folder) {
    long floor = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      openAndClose(folder);
      floor = Math.min(floor, status("VmRSS"));
    }
    return floor;
  }

  /** Collects garbage each time: a Java heap that grows meanwhile would hide or feign a leak. */
  private static void openAndClose(Path folder) {
    try (Backend backend = Fixtures.open(folder, Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(1, 256))) {
      Fixtures.forward(session, Fixtures.row(0, 0, 504, 3575, 282));
    }
    System.gc();
  }

  private static long status(String field) {
    try {
      String line =
          Files.readAllLines(STATUS).stream()
              .filter(text -> text.startsWith(field + ":"))
              .findFirst()
              .orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The checkpoint's folder; skips the test where there is none, but fails in CI. */
  private static Path folder() {
    String folder = System.getProperty("loquat.smollm2", "");
    if (folder.isEmpty()) {
      assertThat(System.getenv("CI"))
          .as("CI must run the real-model tests: pass -Dloquat.smollm2=FOLDER")
          .isNotEqualTo("true");
    }
    Assumptions.assumeThat(folder)
        .as("SmolLM2-135M-Instruct is absent; pass -Dloquat.smollm2=FOLDER to test with it")
        .isNotEmpty();
    return Path.of(folder);
  }
}
