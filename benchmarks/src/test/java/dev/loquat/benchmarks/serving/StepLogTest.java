package dev.loquat.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.observation.DeviceClock;
import dev.loquat.observation.DeviceTime;
import dev.loquat.observation.StepReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepLogTest {
  private final StepLog log = new StepLog(512);

  @Test
  void takesTheTimeOfFullStepsOnly() {
    log.onStep(step(512, 3));
    log.onStep(step(512, 5));
    log.onStep(step(512, 4));
    log.onStep(step(511, 100));
    log.onStep(step(0, 100));
    assertThat(log.fullStepSeconds()).isEqualTo(4);
  }

  @Test
  void doesNotWaitForAStepThatHasBeen() throws InterruptedException {
    log.onStep(step(512, 3));
    log.awaitFullStep();
    assertThat(log.fullStepSeconds()).isEqualTo(3);
  }

  @Test
  void forgetsWhatWasBeforeARestart() {
    log.onStep(step(512, 3));
    log.restart();
    assertThat(log.fullStepSeconds()).isEqualTo(-1);
  }

  private static StepReport step(int prefillTokens, int seconds) {
    Duration duration = Duration.ofSeconds(seconds);
    DeviceTime deviceTime = new DeviceTime(duration, DeviceClock.MONOTONIC);
    return new StepReport(1, prefillTokens, 0, 0, 0, 1, 1, 0, 0, duration, deviceTime, false);
  }
}
