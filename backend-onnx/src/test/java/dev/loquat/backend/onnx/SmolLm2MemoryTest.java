package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the real model takes of the process goes back when it is closed. */
class SmolLm2MemoryTest {
  @Test
  void givesMemoryBackWhenClosed() throws IOException {
    Path folder = SmolLm2.folder();
    openAndClose(folder);
    long early = floorOfTenRounds(folder);
    long late = floorOfTenRounds(folder);
    assertThat(late).isLessThan(early + early / 10);
  }

  /**
   * The least memory after any of ten rounds. Single readings wander, as the allocator keeps more
   * or fewer free pages; a leak raises the least of them, too.
   */
  private static long floorOfTenRounds(Path folder) throws IOException {
    long floor = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      openAndClose(folder);
      floor = Math.min(floor, Resident.bytes());
    }
    return floor;
  }

  /** Collects garbage each time: a Java heap that grows meanwhile would hide or feign a leak. */
  private static void openAndClose(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Backend backend = open(checkpoint);
        DecoderSession session = backend.openSession(new CacheLayout(8, 8192))) {
      Steps.last(session, 0, 504, 3575, 282);
    }
    System.gc();
  }

  private static Backend open(Checkpoint checkpoint) {
    return new OnnxBackendProvider()
        .open(
            checkpoint,
            new BackendOptions(Device.cpu(), Precision.FP32, BackendOptions.AUTO_THREADS));
  }
}
