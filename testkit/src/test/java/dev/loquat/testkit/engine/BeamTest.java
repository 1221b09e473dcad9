package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.constraint.Constraint;
import dev.loquat.error.BackendException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.ScoredText;
import dev.loquat.testkit.scripted.StepHook;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeamTest extends StagedModels {

  @Test
  void followsTheLikeliestTextBesideOtherGenerations() throws Exception {
    stage(hold(1));
    try (Model model = loader().batch(4).load()) {
      Generator generator = model.generator().maxNewTokens(6);
      TextStream beside = generator.stream("beside");
      reached.await();
      release.countDown();
      List<ScoredText> texts = generator.beamSearch("one", BeamOptions.of(3).withTexts(2));

      assertThat(texts.get(0).text()).isEqualTo(lettersAfter("one", 6));
      assertThat(texts.get(0).score()).isGreaterThanOrEqualTo(texts.get(1).score());
      assertThat(texts).doesNotHaveDuplicates();
      assertThat(beside.result().text()).isEqualTo(lettersAfter("beside", 6));
    }
  }

  @Test
  void givesAllSlotsBack() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(3).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      for (int round = 0; round < 3; round++) {
        assertThat(generator.beamSearch("one", BeamOptions.of(3))).hasSize(1);
      }
      assertThat(generator.generate(List.of("a", "b", "c")))
          .extracting(GenerationResult::text)
          .containsExactly(lettersAfter("a", 5), lettersAfter("b", 5), lettersAfter("c", 5));
    }
  }

  @Test
  void failedStepIsTriedAgainOnceForSeveralAndFailsOne() throws Exception {
    stage(StepHook.failAt(3));
    try (Model model = loader().batch(3).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      assertThatThrownBy(() -> generator.beamSearch("one", BeamOptions.of(3)))
          .isInstanceOf(BackendException.class);
      assertThat(generator.generate("two").text()).isEqualTo(lettersAfter("two", 5));
    }
  }

  @Test
  void refusesMoreBeamsThanSlotsAndStopSequences() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator();
      assertThatThrownBy(() -> generator.beamSearch("one", BeamOptions.of(3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("beams is 3, but the model has 2 slots. Load it with batch(3) or more.");
      assertThatThrownBy(() -> generator.stop("x").beamSearch("one", BeamOptions.of(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stop sequences [x]");
    }
  }

  @Test
  void refusesOptionsThatASearchCannotFollow() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(2);
      refuses(
          generator.logProbs(2),
          "A beam search can't report logProbs(2); leave them out, or score the texts that it"
              + " finds.");
      refuses(
          generator.speculate(4),
          "A beam search can't speculate(PROMPT_LOOKUP, 4); leave it out, or set it to 0.");
      refuses(
          generator.includeStop(true),
          "A beam search has nothing to include for includeStop(true); set stopTokens, or leave it"
              + " out.");
      refuses(
          generator.constrain(Constraint.regex("a+")),
          "A beam search can't follow the constraint 'regex a+'; use samples, or no constraint.");
      Generator stopping = generator.stopTokens(5).includeStop(true).speculate(0);
      assertThat(stopping.beamSearch("one", BeamOptions.of(2))).hasSize(1);
    }
  }

  private static void refuses(Generator generator, String message) {
    assertThatThrownBy(() -> generator.beamSearch("one", BeamOptions.of(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void samplesShareTheirPrompt() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(4).load()) {
      String prompt = "a prompt that is longer than thirty-two tokens, by some words";
      List<GenerationResult> samples = model.generator().maxNewTokens(3).samples(prompt, 4);

      assertThat(samples).extracting(GenerationResult::text).containsOnly(lettersAfter(prompt, 3));
      assertThat(samples)
          .extracting(GenerationResult::cachedTokens)
          .containsExactly(0, prompt.length() - 1, prompt.length() - 1, prompt.length() - 1);
    }
  }
}
