package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.error.BackendException;
import dev.loquat.error.QueueFullException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.StepReport;
import dev.loquat.testkit.scripted.StepHook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

class ObservationTest extends StagedModels {
  private static final String LONG = "a prompt that is longer than sixteen tokens";

  private static final class Listener implements EngineListener {
    final List<StepReport> steps = new CopyOnWriteArrayList<>();
    final List<GenerationReport> generations = new CopyOnWriteArrayList<>();
    final AtomicInteger refused = new AtomicInteger();

    @Override
    public void onQueueFull() {
      refused.incrementAndGet();
    }

    @Override
    public void onStep(StepReport step) {
      steps.add(step);
    }

    @Override
    public void onGeneration(GenerationReport generation) {
      generations.add(generation);
    }
  }

  @Test
  void stepsAndGenerationsAreReportedWithTheirTokens() throws Exception {
    stage(StepHook.none());
    Listener listener = new Listener();
    try (Model model = loader().batch(2).onEvents(listener).load()) {
      model.generator().maxNewTokens(4).generate(LONG);
      model.generator().maxNewTokens(3).generate(LONG);
    }
    assertThat(listener.steps.stream().mapToInt(StepReport::prefillTokens).sum())
        .isEqualTo(LONG.length() + 1);
    assertThat(listener.steps.stream().mapToInt(StepReport::decodeTokens).sum()).isEqualTo(3 + 2);
    assertThat(listener.steps).allMatch(step -> step.slots() == 2 && !step.failed());
    long vocabulary = 272 * 4;
    assertThat(listener.steps.get(0).deviceBytes()).isEqualTo(vocabulary + 4L * LONG.length());
    assertThat(listener.generations)
        .extracting(
            GenerationReport::promptTokens,
            GenerationReport::cachedTokens,
            GenerationReport::newTokens,
            report -> report.finishReason().orElseThrow())
        .containsExactly(
            tuple(LONG.length(), 0, 4, FinishReason.MAX_NEW_TOKENS),
            tuple(LONG.length(), LONG.length() - 1, 3, FinishReason.MAX_NEW_TOKENS));
    GenerationReport first = listener.generations.get(0);
    assertThat(first.interToken().p50()).isPositive();
    assertThat(first.interToken().p50()).isLessThanOrEqualTo(first.interToken().p99());
    assertThat(first.total()).isGreaterThanOrEqualTo(first.timeToFirstToken().orElseThrow());
    assertThat(first.interToken().nanos()).hasSize(3);
  }

  @Test
  void failedStepAndGenerationAreReportedAsSuch() throws Exception {
    stage(StepHook.failAt(1));
    Listener listener = new Listener();
    try (Model model = loader().onEvents(listener).load()) {
      assertThatThrownBy(() -> model.generator().generate("one"))
          .isInstanceOf(BackendException.class);
    }
    assertThat(listener.steps).singleElement().matches(StepReport::failed);
    assertThat(listener.generations).singleElement().matches(GenerationReport::failed);
    assertThat(listener.generations.get(0).finishReason()).isEmpty();
    assertThat(listener.generations.get(0).timeToFirstToken()).isEmpty();
  }

  @Test
  void generationsWithoutAPlaceAreReportedToo() throws Exception {
    stage(hold(1));
    Listener listener = new Listener();
    try (Model model = loader().batch(1).queueCapacity(1).onEvents(listener).load()) {
      Generator generator = model.generator().maxNewTokens(1);
      TextStream running = generator.stream("one");
      TextStream waiting = generator.stream("two");
      generator.timeout(Duration.ofNanos(1)).generate("late");
      assertThatThrownBy(() -> generator.generateAsync("beyond"))
          .isInstanceOf(QueueFullException.class);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> generator.generate("interrupted"))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      release.countDown();
      assertThat(running.result().newTokens() + waiting.result().newTokens()).isEqualTo(2);
    }
    assertThat(listener.generations)
        .extracting(report -> report.finishReason().orElseThrow())
        .containsExactlyInAnyOrder(
            FinishReason.MAX_NEW_TOKENS,
            FinishReason.MAX_NEW_TOKENS,
            FinishReason.TIMEOUT,
            FinishReason.CANCELLED);
    assertThat(listener.refused).hasValue(1);
  }

  @Test
  void listenerThatThrowsIsToldNothingMoreAndOthersAre() throws Exception {
    stage(StepHook.none());
    Listener good = new Listener();
    EngineListener bad =
        new EngineListener() {
          @Override
          public void onStep(StepReport step) {
            throw new IllegalStateException("A listener that throws, as the test asked for");
          }
        };
    try (Model model = loader().onEvents(bad).onEvents(good).load()) {
      GenerationResult result = model.generator().maxNewTokens(3).generate("one");
      assertThat(result.text()).isEqualTo(lettersAfter("one", 3));
    }
    assertThat(good.steps).hasSize(3);
  }

  @Test
  void flightRecorderHasTheGenerations() throws Exception {
    stage(StepHook.none());
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.loquat.Generation");
      recording.start();
      try (Model model = loader().load()) {
        model.generator().maxNewTokens(5).generate("one");
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.loquat.Generation"))
        .singleElement()
        .extracting(event -> event.getInt("newTokens"))
        .isEqualTo(5);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.loquat.Step"))
        .hasSize(5)
        .allMatch(event -> event.getLong("deviceBytes") > 0);
  }
}
