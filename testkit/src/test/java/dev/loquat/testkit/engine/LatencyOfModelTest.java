package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Model;
import dev.loquat.observation.DeviceClock;
import dev.loquat.observation.LatencyReport;
import dev.loquat.testkit.scripted.StepHook;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LatencyOfModelTest extends StagedModels {

  @Test
  void countsTokensStepsAndGenerationsBehindTheWarmUp() throws Exception {
    stage(StepHook.none());
    Model model = loader().batch(1).prefixCache(0).load();
    try (model) {
      model.generator().maxNewTokens(3).generate("warm");
      assertThat(model.latency().generations()).isZero();
      assertThat(model.latency().excludedGenerations()).isEqualTo(1);
      model.generator().maxNewTokens(5).generate("a prompt");
    }
    LatencyReport report = model.latency();
    assertThat(report.excludedSteps()).isEqualTo(3);
    assertThat(report.generations()).isEqualTo(1);
    assertThat(report.timeToFirstToken().count()).isEqualTo(1);
    assertThat(report.interToken().count()).isEqualTo(4);
    assertThat(report.prefill().steps()).isEqualTo(1);
    assertThat(report.prefill().tokens()).isEqualTo("a prompt".length());
    assertThat(report.decode().steps()).isEqualTo(4);
    assertThat(report.decode().tokens()).isEqualTo(4);
    assertThat(report.mixed().steps()).isZero();
  }

  @Test
  void countsGuessesThatWereRightAsTokens() throws Exception {
    stage(prompt -> 'a', StepHook.none());
    Model model = loader().batch(1).prefixCache(0).load();
    try (model) {
      model.resetLatency();
      model.generator().temperature(0).speculate(4).maxNewTokens(20).generate("aaaaaaaa");
    }
    LatencyReport report = model.latency();
    assertThat(report.decode().steps()).isLessThan(10);
    assertThat(report.decode().tokens()).isEqualTo(19);
    assertThat(report.prefill().tokens()).isEqualTo(8);
  }

  @Test
  void deviceTakesWhatTheBackendTakesAndNoMore() throws Exception {
    stage(StepHook.none());
    Model model = loader().load();
    try (model) {
      model.resetLatency();
      model.generator().maxNewTokens(5).generate("a prompt");
    }
    LatencyReport report = model.latency();
    assertThat(report.deviceClock()).isEqualTo(DeviceClock.MONOTONIC);
    assertThat(report.decode().device()).isBetween(Duration.ofNanos(1), report.decode().total());
    assertThat(report.decode().step().max()).isLessThanOrEqualTo(report.decode().total());
  }

  @Test
  void believesTheDevicesOwnEvents() throws Exception {
    stage(new EventTimedProvider(lettersProvider(), () -> Optional.of(Duration.ofNanos(7))));
    assertThat(decodeOfFive())
        .returns(DeviceClock.EVENTS, LatencyReport::deviceClock)
        .returns(Duration.ofNanos(4 * 7), report -> report.decode().device());
  }

  @Test
  void measuresItsCallsWhereEventsFail() throws Exception {
    stage(
        new EventTimedProvider(
            lettersProvider(),
            () -> {
              throw new IllegalStateException("Events that fail, as the test asked for");
            }));
    assertThat(decodeOfFive().deviceClock()).isEqualTo(DeviceClock.MONOTONIC);
  }

  private LatencyReport decodeOfFive() throws Exception {
    Model model = loader().load();
    try (model) {
      model.resetLatency();
      model.generator().maxNewTokens(5).generate("a prompt");
    }
    return model.latency();
  }
}
