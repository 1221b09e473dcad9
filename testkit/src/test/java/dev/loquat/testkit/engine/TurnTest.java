package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.constraint.Constraint;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.scripted.StepHook;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnTest extends StagedModels {
  private static final Duration TIMEOUT = Duration.ofMillis(20);

  @Test
  void timeoutEndsARunningGenerationWithWhatItHas() throws Exception {
    stage(passAt(3, TIMEOUT));
    try (Model model = loader().batch(1).load()) {
      GenerationResult result =
          model.generator().maxNewTokens(2000).timeout(TIMEOUT).generate("one");
      assertThat(result.finishReason()).isEqualTo(FinishReason.TIMEOUT);
      assertThat(lettersAfter("one", 10)).startsWith(result.text());
    }
  }

  @Test
  void timeoutEndsAGenerationThatWaits() throws Exception {
    stage(hold(2).then(passAt(2, TIMEOUT)));
    try (Model model = loader().batch(1).load()) {
      TextStream running = model.generator().maxNewTokens(3).stream("one");
      reached.await();
      TextStream waiting = model.generator().timeout(TIMEOUT).stream("two");
      release.countDown();
      assertThat(waiting.result().finishReason()).isEqualTo(FinishReason.TIMEOUT);
      assertThat(waiting.result().timings().hasOnlyWaited()).isTrue();
      assertThat(running.result().newTokens()).isEqualTo(3);
      assertThat(running.result().timings().hasOnlyWaited()).isFalse();
    }
  }

  @Test
  void timeoutThatIsOverBeforeTheQueueDoesNotWaitForAStep() throws Exception {
    stage(hold(2));
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().maxNewTokens(3);
      TextStream running = generator.stream("one");
      reached.await();
      Generator hurried = generator.timeout(Duration.ofNanos(1));
      assertThat(hurried.generate("two").finishReason()).isEqualTo(FinishReason.TIMEOUT);
      assertThat(hurried.generateAsync("two").get().finishReason()).isEqualTo(FinishReason.TIMEOUT);
      assertThat(hurried.constrain(Constraint.regex("[ab]{3}")).generate("two").finishReason())
          .isEqualTo(FinishReason.TIMEOUT);
      release.countDown();
      assertThat(running.result().newTokens()).isEqualTo(3);
    }
  }

  @Test
  void higherPriorityTakesTheSlotAndTheLowerGoesOnWithTheSameText() throws Exception {
    stage(hold(3));
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().maxNewTokens(8);
      TextStream low = generator.stream("a prompt that is longer than sixteen tokens");
      reached.await();
      TextStream high = generator.priority(1).stream("urgent");
      release.countDown();
      assertThat(high.result().text()).isEqualTo(lettersAfter("urgent", 8));
      assertThat(low.result().text())
          .isEqualTo(lettersAfter("a prompt that is longer than sixteen tokens", 8));
    }
  }

  @Test
  void refusesATimeoutOfNothing() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThatThrownBy(() -> model.generator().timeout(Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("timeout is PT0S; expected more than zero");
    }
  }

  @Test
  void secondTurnStartsBehindTheFirst() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().batch(2).load()) {
      Generator generator = model.generator().maxNewTokens(4);
      String prompt = "a prompt that is longer than sixteen tokens";
      GenerationResult first = generator.generate(prompt);
      GenerationResult second = generator.generate(prompt + first.text() + " and more");

      assertThat(first.cachedTokens()).isZero();
      assertThat(second.cachedTokens()).isEqualTo(prompt.length() + 3);
      assertThat(second.text()).isEqualTo(lettersAfter(prompt + first.text() + " and more", 4));
    }
  }

  @Test
  void prefixCacheCanBeSwitchedOff() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().prefixCache(0).load()) {
      Generator generator = model.generator().maxNewTokens(1);
      String prompt = "a prompt that is longer than sixteen tokens";
      generator.generate(prompt);
      assertThat(generator.generate(prompt).cachedTokens()).isZero();
    }
  }

  @Test
  void stopTokenEndsTheTextAndMayBePartOfIt() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      String letters = lettersAfter("one", 3);
      int third = letters.charAt(2);
      Generator generator = model.generator().maxNewTokens(10).stopTokens(third, third);
      GenerationResult without = generator.generate("one");
      assertThat(without.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
      assertThat(letters).startsWith(without.text());
      assertThat(without.text()).doesNotContain(letters.substring(2));
      assertThat(generator.includeStop(true).generate("one").text())
          .isEqualTo(without.text() + letters.charAt(2));
    }
  }

  @Test
  void stopTokensAreForbiddenUntilTheLeastLength() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      int first = lettersAfter("one", 1).charAt(0);
      GenerationResult result =
          model
              .generator()
              .maxNewTokens(6)
              .minNewTokens(6)
              .stopTokens(first)
              .includeStop(true)
              .generate("one");
      assertThat(result.newTokens()).isEqualTo(6);
      assertThat(result.tokenIds().subList(0, 5)).doesNotContain(first);
    }
  }

  @Test
  void stopSequenceMayBePartOfTheText() throws Exception {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      String letters = lettersAfter("one", 4);
      Generator generator = model.generator().maxNewTokens(10).stop(letters.substring(2, 4));
      String without = generator.generate("one").text();
      assertThat(generator.includeStop(true).generate("one").text())
          .isEqualTo(without + letters.substring(2, 4));
    }
  }
}
