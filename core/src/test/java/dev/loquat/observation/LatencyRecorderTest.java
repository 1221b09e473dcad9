package dev.loquat.observation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.generation.FinishReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In milliseconds of a clock that the test moves. */
class LatencyRecorderTest {
  private long millis;
  private final LatencyRecorder recorder =
      new LatencyRecorder(() -> Duration.ofMillis(millis).toNanos());

  @Test
  void tellsPhasesApartAndTheDeviceFromTheHost() {
    recorder.reset();
    step(30, 0, 0, 20, 15);
    step(50, 1, 1, 40, 30);
    step(0, 4, 7, 10, 9);
    step(0, 4, 4, 10, 6);
    LatencyReport report = recorder.report();
    assertThat(report.prefill().steps()).isEqualTo(1);
    assertThat(report.prefill().tokensPerSecond()).isEqualTo(30 / 0.020);
    assertThat(report.mixed().tokens()).isEqualTo(51);
    assertThat(report.mixed().device()).isEqualTo(Duration.ofMillis(30));
    assertThat(report.decode().steps()).isEqualTo(2);
    assertThat(report.decode().tokensPerSecond()).isEqualTo(11 / 0.020);
    assertThat(report.decode().host()).isEqualTo(Duration.ofMillis(5));
    assertThat(report.decode().hostShare()).isEqualTo(0.25);
    assertThat(report.decode().step().p50()).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void leavesOutTheFirstGenerationAndWhatBeganBeforeItEnded() {
    step(8, 0, 1, 100, 90);
    later(20);
    generation(2, 120);
    recorder.onStep(report(0, 1, 1, 20, 15, DeviceClock.MONOTONIC, false)); // told behind its end
    later(10);
    generation(2, 110);
    step(0, 1, 1, 7, 5);
    generation(3, 7, 2, 3);
    LatencyReport report = recorder.report();
    assertThat(report.excludedSteps()).isEqualTo(2);
    assertThat(report.excludedGenerations()).isEqualTo(2);
    assertThat(report.generations()).isEqualTo(1);
    assertThat(report.decode().total()).isEqualTo(Duration.ofMillis(7));
    assertThat(report.timeToFirstToken().max()).isEqualTo(Duration.ofMillis(7));
    assertThat(report.interToken().count()).isEqualTo(2);
    assertThat(report.interToken().max()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void isNotWarmedByWhatWasCancelledInTheQueue() {
    generation(0, 50);
    step(4, 0, 1, 5, 5);
    assertThat(recorder.report().excludedSteps()).isEqualTo(1);
    assertThat(recorder.report().prefill().steps()).isZero();
  }

  @Test
  void leavesOutFailures() {
    recorder.reset();
    later(5);
    recorder.onStep(report(4, 0, 0, 5, 5, DeviceClock.MONOTONIC, true));
    recorder.onGeneration(ended(0, true, 5));
    assertThat(recorder.report()).isEqualTo(new LatencyRecorder(() -> 0).report());
  }

  @Test
  void beginsAnewAtAReset() {
    recorder.reset();
    step(4, 0, 1, 5, 5);
    generation(1, 5);
    recorder.reset();
    assertThat(recorder.report()).isEqualTo(new LatencyRecorder(() -> 0).report());
    step(4, 0, 1, 6, 5);
    generation(1, 11);
    assertThat(recorder.report().prefill().steps()).isEqualTo(1);
    assertThat(recorder.report().generations()).isZero();
    assertThat(recorder.report().excludedGenerations()).isEqualTo(1);
  }

  @Test
  void saysEventsOnlyIfTheyMeasuredEveryStep() {
    recorder.reset();
    assertThat(recorder.report().deviceClock()).isEqualTo(DeviceClock.MONOTONIC);
    later(5);
    recorder.onStep(report(0, 1, 1, 5, 4, DeviceClock.EVENTS, false));
    assertThat(recorder.report().deviceClock()).isEqualTo(DeviceClock.EVENTS);
    step(0, 1, 1, 5, 4);
    assertThat(recorder.report().deviceClock()).isEqualTo(DeviceClock.MONOTONIC);
  }

  @Test
  void printsJson() {
    recorder.reset();
    step(0, 1, 1, 8, 6);
    generation(2, 8, 4);
    String nothing =
        "\"meanSeconds\":null,\"p50Seconds\":null,\"p90Seconds\":null,\"p99Seconds\":null";
    assertThat(recorder.report().json())
        .isEqualTo(
            "{\"deviceClock\":\"monotonic\",\"excludedGenerations\":0,\"excludedSteps\":0,\"generations\":1,"
                + "\"timeToFirstToken\":"
                + same(0.008)
                + ",\"interToken\":"
                + same(0.004)
                + ",\"prefill\":{\"steps\":0,\"tokens\":0,\"tokensPerSecond\":null,\"totalSeconds\":null,"
                + "\"deviceSeconds\":null,\"hostSeconds\":null,\"hostShare\":null,\"step\":{\"count\":0,"
                + nothing
                + ",\"maxSeconds\":null}},\"decode\":{\"steps\":1,\"tokens\":1,\"tokensPerSecond\":125.0,"
                + "\"totalSeconds\":0.008,\"deviceSeconds\":0.006,\"hostSeconds\":0.002,\"hostShare\":0.25,"
                + "\"step\":"
                + same(0.008)
                + "},\"mixed\":{\"steps\":0,\"tokens\":0,\"tokensPerSecond\":null,\"totalSeconds\":null,"
                + "\"deviceSeconds\":null,\"hostSeconds\":null,\"hostShare\":null,\"step\":{\"count\":0,"
                + nothing
                + ",\"maxSeconds\":null}}}");
  }

  @Test
  void printsATable() {
    recorder.reset();
    step(0, 1, 1, 8, 6);
    generation(2, 8, 4);
    assertThat(recorder.report().table().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "ms count mean p50 p90 p99 max",
            "first token 1 8.000 8.000 8.000 8.000 8.000",
            "inter-token 1 4.000 4.000 4.000 4.000 4.000",
            "prefill step 0 - - - - -",
            "decode step 1 8.000 8.000 8.000 8.000 8.000",
            "mixed step 0 - - - - -",
            "steps count tokens tokens/s total ms device ms host ms host/step host %",
            "prefill 0 - - - - - - -",
            "decode 1 1 125.0 8.000 6.000 2.000 2.000 25.0",
            "mixed 0 - - - - - - -",
            "device time by a monotonic clock around the backend's calls; left out as warm-up:"
                + " 0 generations, 0 steps");
  }

  private static String same(double seconds) {
    return "{\"count\":1,\"meanSeconds\":S,\"p50Seconds\":S,\"p90Seconds\":S,\"p99Seconds\":S,\"maxSeconds\":S}"
        .replace("S,", seconds + ",")
        .replace("S}", seconds + "}");
  }

  private void later(long more) {
    millis += more;
  }

  /** A step that takes its time and is told when it ends. */
  private void step(int prefill, int decodes, int newTokens, long total, long device) {
    later(total);
    recorder.onStep(
        report(prefill, decodes, newTokens, total, device, DeviceClock.MONOTONIC, false));
  }

  private static StepReport report(
      int prefill,
      int decodes,
      int newTokens,
      long total,
      long device,
      DeviceClock clock,
      boolean failed) {
    DeviceTime deviceTime = new DeviceTime(Duration.ofMillis(device), clock);
    return new StepReport(
        1,
        prefill,
        decodes,
        0,
        newTokens,
        1,
        1,
        0,
        0,
        Duration.ofMillis(total),
        deviceTime,
        failed);
  }

  /** A generation that ends now, with its first token at its end. */
  private void generation(int newTokens, long total, long... gaps) {
    recorder.onGeneration(ended(newTokens, false, total, gaps));
  }

  private static GenerationReport ended(int newTokens, boolean failed, long total, long... gaps) {
    Duration time = Duration.ofMillis(total);
    return new GenerationReport(
        1,
        0,
        newTokens,
        failed,
        failed ? Optional.empty() : Optional.of(FinishReason.CANCELLED),
        Duration.ZERO,
        newTokens == 0 ? Optional.empty() : Optional.of(time),
        time,
        Durations.of(Arrays.stream(gaps).map(gap -> Duration.ofMillis(gap).toNanos()).toArray()));
  }
}
