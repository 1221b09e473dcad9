package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.constraint.Constraint;
import dev.loquat.error.BackendException;
import dev.loquat.error.TimedOutException;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TextScore;
import dev.loquat.generation.TokenLogProb;
import dev.loquat.generation.TokenLogProbs;
import dev.loquat.testkit.scripted.ScriptedBackend;
import dev.loquat.testkit.scripted.StepHook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScoreTest extends StagedModels {
  private static final int VOCABULARY = 272;

  @Test
  void newTokensHaveTheLogProbabilitiesOfTheModel() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      GenerationResult result =
          model.generator().maxNewTokens(3).forcedTokens('!').logProbs(2).generate("one");

      assertThat(result.logProbs()).hasSize(3);
      for (int i = 0; i < 3; i++) {
        TokenLogProbs position = result.logProbs().get(i);
        int peak = peakAfter("one" + result.text().substring(0, i));
        assertThat(position.actual().tokenId()).isEqualTo(result.tokenIds().get(i));
        assertThat(position.top()).hasSize(2).extracting(TokenLogProb::tokenId).startsWith(peak);
        assertThat(position.top().get(0).logProb()).isCloseTo(likeliest(), within(1e-6));
        double drop = position.actual().tokenId() == peak ? 0 : ScriptedBackend.LIKELIEST;
        assertThat(position.actual().logProb()).isCloseTo(likeliest() - drop, within(1e-6));
      }
      assertThat(model.generator().generate("one").logProbs()).isEmpty();
    }
  }

  @Test
  void refusesOptionsThatSayHowATextIsGenerated() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = model.generator();
      refuses(
          generator.constrain(Constraint.regex("a+")),
          "A score can't follow the constraint 'regex a+'; leave it out, the text is given.");
      refuses(
          generator.stop("x").stopTokens(5),
          "A score can't end at the stop sequences [x], the stop tokens [5] or follow includeStop;"
              + " leave them out, all of the text is scored.");
      refuses(
          generator.speculate(DraftSource.DRAFT_MODEL, 4),
          "A score can't speculate(DRAFT_MODEL, 4); leave it out, or set it to 0.");
    }
  }

  private static void refuses(Generator generator, String message) {
    assertThatThrownBy(() -> generator.score("one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void scoresEveryTokenOfATextButTheFirst() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(2).load()) {
      String text = "one" + lettersAfter("one", 70) + "!";
      TextScore score = model.generator().score(text);

      assertThat(score.tokens())
          .extracting(token -> token.actual().logProb())
          .usingElementComparator((left, right) -> Math.abs(left - right) < 1e-6 ? 0 : 1)
          .isEqualTo(expected(text, text.length()));
      assertThat(score.perplexity())
          .isCloseTo(Math.exp(-score.logProb() / (text.length() - 1)), within(1e-9));
    }
  }

  @Test
  void scoresATextLongerThanTheContextInWindows() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().contextLength(8).load()) {
      String text = "abcdefghijklmnopqrstuvw";
      assertThat(model.generator().score(text).tokens())
          .extracting(token -> token.actual().logProb())
          .usingElementComparator((left, right) -> Math.abs(left - right) < 1e-6 ? 0 : 1)
          .isEqualTo(expected(text, 8));
    }
  }

  @Test
  void failedStepIsScoredAgainOrFails() throws Exception {
    stage(StepHook.failAt(2));
    try (Model model = loader().load()) {
      Generator generator = model.generator();
      String text = "x".repeat(100);
      assertThatThrownBy(() -> generator.score(text)).isInstanceOf(BackendException.class);
      assertThat(generator.score(text).tokens()).hasSize(99);
    }
  }

  @Test
  void textThatIsNotScoredInTimeHasNoScore() throws Exception {
    Duration timeout = Duration.ofMillis(500);
    stage(passAt(2, timeout));
    try (Model model = loader().stepTokens(8).load()) {
      Generator generator = model.generator();
      assertThatThrownBy(() -> generator.timeout(timeout).score("x".repeat(100)))
          .isInstanceOf(TimedOutException.class)
          .hasMessage(
              "The timeout was over when 16 of 99 tokens of the text were scored. Raise the"
                  + " timeout, or score the text in parts.");
      assertThat(generator.score("a text").tokens()).hasSize(5);
    }
  }

  @Test
  void textThatNeverHadASlotIsToldSo() throws Exception {
    Duration timeout = Duration.ofMillis(20);
    stage(hold(2).then(passAt(2, timeout)));
    try (Model model = loader().batch(1).load()) {
      TextStream running = model.generator().maxNewTokens(3).stream("one");
      reached.await();
      CompletableFuture<TextScore> waiting =
          model.generator().timeout(timeout).scoreAsync("a text");
      release.countDown();
      assertThatThrownBy(waiting::get)
          .cause()
          .isInstanceOf(TimedOutException.class)
          .hasMessage(
              "The timeout was over while the text still waited for a slot, and none of it was"
                  + " scored. Load the model with more slots (batch), have fewer callers at a time,"
                  + " or raise the timeout.");
      assertThat(running.result().newTokens()).isEqualTo(3);
    }
  }

  @Test
  void laterWindowOfATextThatHadASlotIsNoTextThatWaited() throws Exception {
    Duration timeout = Duration.ofMillis(500);
    stage(passAt(1, timeout));
    try (Model model = loader().batch(1).contextLength(8).load()) {
      assertThatThrownBy(() -> model.generator().timeout(timeout).score("x".repeat(20)))
          .isInstanceOf(TimedOutException.class)
          .hasMessageStartingWith("The timeout was over when 0 of ");
    }
  }

  @Test
  void textOfOneTokenHasNothingToScore() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      TextScore score = model.generator().score("x");
      assertThat(score.tokens()).isEmpty();
      assertThat(score.perplexity()).isEqualTo(1);
    }
  }

  /** The log-probabilities by the script alone: windows that overlap by half. */
  private static List<Double> expected(String text, int context) {
    List<Double> scores = new ArrayList<>();
    int start = 0;
    for (int next = 1; next < text.length(); next++) {
      if (next - start == context) {
        start += context / 2;
      }
      boolean isPeak = peakAfter(text.substring(start, next)) == text.charAt(next);
      scores.add(isPeak ? likeliest() : likeliest() - ScriptedBackend.LIKELIEST);
    }
    return scores;
  }

  private static int peakAfter(String text) {
    return lettersAfter(text, 1).charAt(0);
  }

  private static double likeliest() {
    double others = VOCABULARY - 1;
    return -Math.log1p(others * Math.exp(-ScriptedBackend.LIKELIEST));
  }
}
