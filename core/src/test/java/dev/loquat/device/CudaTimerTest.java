package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.fake.FakeNvidia;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Through machine code whose clock goes on by 2.5 ms whenever an event is recorded. */
@EnabledOnOs(OS.LINUX)
class CudaTimerTest {
  private static final Duration TICK = Duration.ofNanos(2_500_000);

  @TempDir private Path folder;

  @Test
  void tellsTheTimeBetweenItsEvents() throws Exception {
    try (CudaTimer timer = timer(new FakeNvidia())) {
      timer.start();
      timer.stop();
      assertThat(timer.elapsed()).hasValue(TICK);
      timer.start();
      assertThat(timer.elapsed()).isEmpty();
      timer.stop();
      assertThat(timer.elapsed()).hasValue(TICK);
    }
  }

  @Test
  void knowsNoTimeWithoutBothEvents() throws Exception {
    try (CudaTimer timer = timer(new FakeNvidia())) {
      assertThat(timer.elapsed()).isEmpty();
      timer.stop();
      assertThat(timer.elapsed()).isEmpty();
    }
  }

  @Test
  void knowsNoTimeWhereTheDriverFails() throws Exception {
    try (CudaTimer timer = timer(new FakeNvidia().code("cuEventElapsedTime", 700))) {
      timer.start();
      timer.stop();
      assertThat(timer.elapsed()).isEmpty();
    }
  }

  @Test
  void isClosedTwiceAndMeasuresNothingThen() throws Exception {
    CudaTimer timer = timer(new FakeNvidia());
    timer.start();
    timer.stop();
    timer.close();
    timer.close();
    timer.start();
    timer.stop();
    assertThat(timer.elapsed()).isEmpty();
  }

  @Test
  void isAbsentWithoutAContextOrADriver() throws Exception {
    new FakeNvidia().gpu("T4", 1, 1, 0, 0).code("cuDevicePrimaryCtxRetain", 2).compile(folder);
    assertThat(CudaTimer.open(machine(), 0)).isEmpty();
    assertThat(CudaTimer.open(FakeMachine.linux(folder).machine(), 0)).isEmpty();
  }

  @Test
  void refusesAnotherKindOfDevice() {
    assertThatThrownBy(() -> CudaTimer.open(Device.cpu()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cpu is no CUDA device");
  }

  private CudaTimer timer(FakeNvidia nvidia) throws Exception {
    nvidia.gpu("T4", 1, 1, 0, 0).compile(folder);
    return CudaTimer.open(machine(), 0).orElseThrow();
  }

  private Machine machine() {
    return new Machine(
        "Linux",
        "amd64",
        folder,
        Map.of(),
        name -> JnaLibrary.load(folder.resolve(name).toString()));
  }
}
