package dev.loquat.testkit.engine;

import static dev.loquat.memory.OutOfMemoryRung.FREE_CACHES;
import static dev.loquat.memory.OutOfMemoryRung.HALF_PRECISION;
import static dev.loquat.memory.OutOfMemoryRung.QUANTIZE;
import static dev.loquat.memory.OutOfMemoryRung.SMALLER_BATCH;
import static dev.loquat.memory.OutOfMemoryRung.smallerModel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.TokenLogProbs;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.OutOfMemoryReport;
import dev.loquat.testkit.scripted.StepHook;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutOfMemoryLadderTest extends StagedModels {
  private final List<OutOfMemoryReport> reports = new CopyOnWriteArrayList<>();
  private final EngineListener listener =
      new EngineListener() {
        @Override
        public void onOutOfMemory(OutOfMemoryReport report) {
          reports.add(report);
        }
      };

  private ModelLoader loader(int batch, OutOfMemoryRung... rungs) throws IOException {
    return loader()
        .batch(batch)
        .onEvents(listener)
        .onOutOfMemory(OutOfMemoryPolicy.tryInOrder(rungs));
  }

  /** Steps of more rows than fit fail as a device would that is full. */
  private static StepHook fitting(int rows) {
    return (step, batch) -> {
      if (batch.rows().size() > rows) {
        throw new OutOfMemoryException("The test's device is full.", batch.rows().size(), rows);
      }
    };
  }

  private static List<String> prompts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "Once " + i).toList();
  }

  private static List<String> expected(int count, int tokens) {
    return prompts(count).stream().map(prompt -> lettersAfter(prompt, tokens)).toList();
  }

  private static List<String> generate(Model model, int count, int tokens) {
    return model.generator().maxNewTokens(tokens).generate(prompts(count)).stream()
        .map(GenerationResult::text)
        .toList();
  }

  @Test
  void halvesTheBatchUntilStepsFitAndLosesNone() throws IOException {
    stage(fitting(2));
    try (Model model = loader(8, FREE_CACHES, SMALLER_BATCH).load()) {
      assertThat(generate(model, 20, 12)).isEqualTo(expected(20, 12));
      assertThat(model.engineLoad().slots()).isEqualTo(2);
    }
    assertThat(reports)
        .extracting(OutOfMemoryReport::change)
        .contains("batch 8 to 4", "batch 4 to 2")
        .doesNotContain("batch 2 to 1");
    assertThat(reports).noneMatch(OutOfMemoryReport::loading);
    assertThat(reports.get(0).rung()).isEqualTo(FREE_CACHES);
  }

  @Test
  void runningSequencesGoOnFromTheTokensTheyHave() throws IOException {
    stage(
        (step, batch) -> {
          if (step == 9) {
            throw new OutOfMemoryException("The test's device is full.", 1, 0);
          }
        });
    try (Model model = loader(4, SMALLER_BATCH).load()) {
      assertThat(generate(model, 4, 20)).isEqualTo(expected(4, 20));
      assertThat(model.engineLoad().slots()).isEqualTo(2);
    }
  }

  @Test
  void failsWithTheTypedErrorWhereNothingMayBeTried() throws IOException {
    stage(fitting(0));
    try (Model model = loader(4).load()) {
      assertThatExceptionOfType(OutOfMemoryException.class)
          .isThrownBy(() -> generate(model, 1, 4))
          .withMessage("The test's device is full.");
    }
    assertThat(reports).isEmpty();
  }

  @Test
  void goesOnThoughNotEvenOneTokenHasMemoryForAWhile() throws IOException {
    stage(
        (step, batch) -> {
          if (step < 3) {
            throw new OutOfMemoryException("The test's device is full.", 1, 0);
          }
        });
    try (Model model = loader(4).load()) {
      assertThatExceptionOfType(OutOfMemoryException.class).isThrownBy(() -> generate(model, 1, 4));
      assertThat(generate(model, 4, 5)).isEqualTo(expected(4, 5));
    }
  }

  @Test
  void saysWhatWasTried() throws IOException {
    stage(fitting(0));
    try (Model model = loader(4, FREE_CACHES, SMALLER_BATCH).load()) {
      assertThatExceptionOfType(OutOfMemoryException.class)
          .isThrownBy(() -> generate(model, 1, 4))
          .withMessage(
              "The test's device is full. Tried before: FREE_CACHES: kept beginnings and buffers"
                  + " given back; SMALLER_BATCH: batch 4 to 2; SMALLER_BATCH: batch 2 to 1.");
    }
  }

  @Test
  void failsBeamsThatNeedMoreSlotsThanAreLeft() throws IOException {
    stage(fitting(1));
    try (Model model = loader(4, SMALLER_BATCH).load()) {
      // So long that all four meet in a step, however late the last one is queued.
      assertThat(generate(model, 4, 400)).isEqualTo(expected(4, 400));
      assertThatExceptionOfType(OutOfMemoryException.class)
          .isThrownBy(() -> model.generator().beamSearch("Once", BeamOptions.of(2)))
          .withMessageStartingWith("The generation needs 2 slots; for lack of memory only 1 are");
    }
  }

  @Test
  void beamsGoOnWhereTheyAreInASmallerBatch() throws IOException {
    BeamOptions beams = BeamOptions.of(3);
    stage(StepHook.none());
    List<ScoredText> undisturbed;
    try (Model model = loader(8).load()) {
      undisturbed = model.generator().maxNewTokens(12).beamSearch("Once", beams);
    }
    for (int full : List.of(1, 2, 5, 9)) {
      stage(failingAt(full));
      try (Model model = loader(8, SMALLER_BATCH).load()) {
        assertThat(model.generator().maxNewTokens(12).beamSearch("Once", beams))
            .as("step %d without memory", full)
            .isEqualTo(undisturbed);
        assertThat(model.engineLoad().slots()).isEqualTo(4);
        assertThat(model.engineLoad().takenSlots()).isZero();
      }
    }
  }

  @Test
  void leavesABeamSearchAsManySlotsAsItNeeds() throws IOException {
    stage(failingAt(4));
    try (Model model = loader(8, SMALLER_BATCH).load()) {
      model.generator().maxNewTokens(6).beamSearch("Once", BeamOptions.of(6));
      assertThat(model.engineLoad().slots()).isEqualTo(6);
    }
  }

  @Test
  void scoresBeginAgainInASmallerBatch() throws IOException {
    String text = "A text that is scored in chunks of sixteen tokens, in several steps.";
    stage(StepHook.none());
    List<TokenLogProbs> undisturbed;
    try (Model model = loader(4).stepTokens(16).load()) {
      undisturbed = model.generator().score(text).tokens();
    }
    stage(failingAt(3));
    try (Model model = loader(4, SMALLER_BATCH).stepTokens(16).load()) {
      assertThat(model.generator().score(text).tokens()).isEqualTo(undisturbed);
      assertThat(model.engineLoad().slots()).isEqualTo(2);
    }
  }

  private static StepHook failingAt(int full) {
    return (step, batch) -> {
      if (step == full) {
        throw new OutOfMemoryException("The test's device is full.", 1, 0);
      }
    };
  }

  @Test
  void loadsASmallerBatchWhereThePlanSaysSo() throws IOException {
    stage(StepHook.none());
    long two = loader().batch(2).plan().need().neededBytes();
    try (Model model = loader(8, SMALLER_BATCH).memoryLimit(two).load()) {
      assertThat(model.info().batch()).isEqualTo(2);
      assertThat(generate(model, 3, 5)).isEqualTo(expected(3, 5));
    }
    assertThat(reports)
        .singleElement()
        .satisfies(report -> assertThat(report.change()).isEqualTo("batch 2"))
        .satisfies(report -> assertThat(report.loading()).isTrue());
  }

  @Test
  void loadsASmallerModelWhereNothingElseHelps() throws IOException {
    stage(StepHook.none());
    Path small = Files.createDirectory(folder.resolve("small"));
    TinyCheckpoint.llama().layers(1).contextLength(16).writeTo(small);
    long fits = loader().batch(1).contextLength(16).plan().need().neededBytes();
    ModelLoader squeezed =
        loader(1, FREE_CACHES, SMALLER_BATCH, HALF_PRECISION, QUANTIZE, smallerModel(small + ""));
    try (Model model = squeezed.memoryLimit(fits).load()) {
      assertThat(model.info().source()).hasToString(small.toString());
    }
    assertThat(reports)
        .extracting(OutOfMemoryReport::rung)
        .filteredOn(rung -> rung != FREE_CACHES) // taken only if the process got smaller
        .containsExactly(smallerModel(small + ""));
  }

  @Test
  void warnsOfALoadedModelWhosePlanDoesNotFit() throws IOException {
    stage(StepHook.none());
    long needed = loader().batch(1).plan().need().neededBytes();
    try (WarningLog log = new WarningLog()) {
      loader().batch(1).memoryLimit(needed).load().close();
      assertThatExceptionOfType(OutOfMemoryException.class)
          .isThrownBy(() -> loader().batch(1).memoryLimit(needed - 1).load());
      assertThat(log.messages()).as("one fits, one is not loaded").isEmpty();
      loader().memoryLimit(needed - 1).load().close();
      assertThat(log.messages())
          .singleElement()
          .asString()
          .contains(needed + " bytes are needed, " + (needed - 1) + " bytes are available");
    }
  }

  @Test
  void saysWhatWasTriedAtLoadAndWhatWouldFit() throws IOException {
    stage(StepHook.none());
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> loader(4, SMALLER_BATCH, QUANTIZE).memoryLimit(10).load())
        .withMessageStartingWith("Not enough memory for the weights: ")
        .withMessageEndingWith(
            "Tried before: SMALLER_BATCH: nothing to gain; QUANTIZE: nothing to gain. Nothing would"
                + " fit; choose a smaller model.");
  }

  @Test
  void aFailureNamesARungOnceHoweverOftenItWasTaken() throws IOException {
    stage(
        (step, batch) -> {
          if (batch.rows().get(0).length() > 1) {
            throw new OutOfMemoryException("The test's device is full.", 2, 1);
          }
        });
    try (Model model = loader(1, FREE_CACHES).load()) {
      for (int call = 0; call < 3; call++) {
        assertThatExceptionOfType(OutOfMemoryException.class)
            .isThrownBy(() -> model.generator().generate("Once"))
            .satisfies(failure -> assertThat(failure.getMessage()).containsOnlyOnce("FREE_CACHES"));
      }
      assertThat(reports).hasSize(3);
    }
  }
}
