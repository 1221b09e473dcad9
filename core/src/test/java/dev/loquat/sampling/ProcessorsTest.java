package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.error.SamplingException;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.generation.TokenRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What changes logits before a token is chosen, and what choosing greedily makes of it. */
class ProcessorsTest {

  private static final float BANNED = Float.NEGATIVE_INFINITY;
  private static final int END = 3;

  @Test
  void presenceCountsATokenOfTheTextOnce() {
    assertThat(processed(Penalties.none().withPresence(0.5)))
        .containsExactly(4, 3 - 0.5f, 2 - 0.5f, 1);
  }

  @Test
  void frequencyCountsATokenOfTheTextEachTime() {
    assertThat(processed(Penalties.none().withFrequency(0.5)))
        .containsExactly(4, 3 - 0.5f, 2 - 1.5f, 1);
  }

  @Test
  void negativePenaltiesFavourWhatCame() {
    assertThat(processed(Penalties.none().withPresence(-2).withFrequency(-1)))
        .containsExactly(4, 3 + 3, 2 + 5, 1);
  }

  @Test
  void repetitionCountsThePromptToo() {
    assertThat(processed(Penalties.none().withRepetition(2))).containsExactly(2, 1.5f, 1, 1);
  }

  @Test
  void forcedTokensComeFirstAndThenNoMore() {
    TokenRules rules = TokenRules.none().withForced(List.of(1, END)).withMinNewTokens(8);
    assertThat(greedy(rules, 5)).containsExactly(1, END, 0, 0, 0);
  }

  @Test
  void bannedFirstTokensMayComeLater() {
    assertThat(greedy(TokenRules.none().withBannedFirst(Set.of(0)), 3)).containsExactly(1, 0, 0);
  }

  @Test
  void endTokensWaitForTheLeastLength() {
    TokenRules rules = TokenRules.none().withBias(Map.of(END, 9f)).withMinNewTokens(2);
    assertThat(greedy(rules, 3)).containsExactly(0, 0, END);
  }

  @Test
  void refusesRulesForATokenBeyondTheVocabulary() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy(TokenRules.none().withBanned(Set.of(0, 99)), 1))
        .withMessage("bannedTokens has token 99; the vocabulary has 4 tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy(TokenRules.none().withBannedFirst(Set.of(4)), 1))
        .withMessage("bannedFirstTokens has token 4; the vocabulary has 4 tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy(TokenRules.none().withForced(List.of(4)), 1))
        .withMessage("forcedTokens has token 4; the vocabulary has 4 tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy(TokenRules.none().withBias(Map.of(99, 1f)), 1))
        .withMessage("logitBias has token 99; the vocabulary has 4 tokens");
  }

  @Test
  void callersProcessorsSeeTheHistoryAndWhatCameBefore() {
    List<List<Integer>> histories = new ArrayList<>();
    LogitsProcessor watch = (history, logits) -> histories.add(list(history));
    LogitsProcessor turnOver =
        (history, logits) -> {
          for (int i = 0; i < logits.length; i++) {
            logits[i] = -logits[i];
          }
        };
    SamplingOptions options =
        SamplingOptions.greedy()
            .withTokens(TokenRules.none().withBias(Map.of(END, -5f)))
            .withProcessors(List.of(watch, turnOver));
    assertThat(generate(options, 2)).containsExactly(END, END);
    assertThat(histories).containsExactly(List.of(0), List.of(0, END));
  }

  @Test
  void callersProcessorsRunAfterTheRules() {
    LogitsProcessor unban = (history, logits) -> logits[2] = 9;
    SamplingOptions options =
        SamplingOptions.greedy()
            .withTokens(TokenRules.none().withBanned(Set.of(2)))
            .withProcessors(List.of(unban));
    assertThat(generate(options, 1)).containsExactly(2);
  }

  @Test
  void reportsAProcessorThatFails() {
    IllegalStateException cause = new IllegalStateException("no plan");
    LogitsProcessor broken =
        (history, logits) -> {
          throw cause;
        };
    LogitsProcessor sound = (history, logits) -> {};
    assertThatThrownBy(
            () -> generate(SamplingOptions.greedy().withProcessors(List.of(sound, broken)), 1))
        .isInstanceOf(SamplingException.class)
        .hasMessage(
            "The LogitsProcessor number 2 ("
                + broken.getClass().getName()
                + ") failed: java.lang.IllegalStateException: no plan."
                + " Correct it or leave it out.")
        .hasCause(cause);
  }

  static Stream<Throwable> faults() {
    return Stream.of(
        new IOException("of a language without checked exceptions"),
        new ThreadDeath(),
        new OutOfMemoryError("short"),
        new Throwable("bare"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void reportsAProcessorThatThrowsAnything(Throwable fault) {
    LogitsProcessor broken = (history, logits) -> ProcessorsTest.<RuntimeException>sneak(fault);
    assertThatThrownBy(() -> generate(SamplingOptions.greedy().withProcessors(List.of(broken)), 1))
        .isInstanceOf(SamplingException.class)
        .hasMessageContaining("number 1 (" + broken.getClass().getName() + ") failed")
        .hasCause(fault);
  }

  @Test
  void keepsNoErrorOfTheVirtualMachineToItself() {
    LogitsProcessor broken =
        (history, logits) ->
            ProcessorsTest.<RuntimeException>sneak(new InternalError("a fault in memory"));
    assertThatThrownBy(() -> generate(SamplingOptions.greedy().withProcessors(List.of(broken)), 1))
        .isInstanceOf(InternalError.class);
  }

  @Test
  void reportsProcessorsThatLeaveNoToken() {
    LogitsProcessor all = (history, logits) -> Arrays.fill(logits, BANNED);
    assertThatThrownBy(() -> generate(SamplingOptions.greedy().withProcessors(List.of(all)), 1))
        .isInstanceOf(SamplingException.class)
        .hasMessageContaining("left none of 4 tokens");
  }

  @Test
  void reportsProcessorsThatMakeALogitNoNumber() {
    LogitsProcessor divide = (history, logits) -> logits[1] = Float.NaN;
    SamplingOptions options = SamplingOptions.multinomial().withProcessors(List.of(divide));
    assertThatThrownBy(() -> generate(options, 1))
        .isInstanceOf(SamplingException.class)
        .hasMessageContaining("made the logit of token 1 NaN");
  }

  /** Logits 4, 3, 2, 1 after a prompt of 0 and a text of 1, 2, 2, 2. */
  private static float[] processed(Penalties penalties) {
    float[] logits = {4, 3, 2, 1};
    SamplingOptions options = SamplingOptions.greedy().withPenalties(penalties);
    ProcessedLogits.of(options, logits.length, Set.of(END), List.of())
        .peak(logits, ListedTokens.of(List.of(0), List.of(1, 2, 2, 2)));
    return logits;
  }

  private static List<Integer> greedy(TokenRules rules, int count) {
    return generate(SamplingOptions.greedy().withTokens(rules), count);
  }

  /** Texts of a model that says 0 rather than 1, 1 rather than 2, and so on. */
  private static List<Integer> generate(SamplingOptions options, int count) {
    Sampler sampler = Sampler.of(options, 4, Set.of(END));
    List<Integer> text = new ArrayList<>();
    while (text.size() < count) {
      float[] logits = {4, 3, 2, 1};
      text.add(sampler.sample(logits, ListedTokens.of(List.of(0), text)));
    }
    return text;
  }

  private static List<Integer> list(TokenHistory history) {
    List<Integer> tokens = new ArrayList<>();
    for (int i = 0; i < history.length(); i++) {
      tokens.add(history.token(i));
    }
    return tokens;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable fault) throws T {
    throw (T) fault;
  }
}
