package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.TokenDraw;
import dev.loquat.error.BackendException;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationResult;
import dev.loquat.testkit.mutation.DrawingSession;
import dev.loquat.testkit.reference.ReferenceBackendProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engine has a device draw, and what it reads and chooses itself. */
class DrawTest extends StagedModels {
  private static final String PROMPT = "abcabcabc";
  private static final int NEW_TOKENS = 6;

  @Test
  void greedyTextIsDrawnAndTheSameAsWithoutDraws() throws IOException {
    DrawingProvider drawing = letters(DrawingSession::new);
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(NEW_TOKENS).temperature(0);
      assertThat(generator.generate(PROMPT).text()).isEqualTo(lettersAfter(PROMPT, NEW_TOKENS));
      assertThat(drawing.session().read()).as("rows read").isZero();
      assertThat(drawing.session().drawn()).hasSize(NEW_TOKENS);
    }
  }

  @Test
  void guessesAreCheckedByDraws() throws IOException {
    DrawingProvider drawing = letters(DrawingSession::new);
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(40).temperature(0);
      String text = generator.speculate(DraftSource.PROMPT_LOOKUP, 4).generate(PROMPT).text();
      assertThat(text).isEqualTo(lettersAfter(PROMPT, 40));
      assertThat(drawing.session().read()).as("rows read").isZero();
    }
  }

  @Test
  void drawHasTheOptionsAndTheSeedOfItsText() throws IOException {
    DrawingProvider drawing =
        staged(new DrawingProvider(new ReferenceBackendProvider(), DrawingSession::new));
    try (Model model = loader().load()) {
      Generator generator =
          model.generator().maxNewTokens(NEW_TOKENS).temperature(0.7).topK(9).topP(0.8).minP(0.1);
      GenerationResult first = generator.seed(5).generate(PROMPT);
      List<TokenDraw> draws = List.copyOf(drawing.session().drawn());
      assertThat(draws)
          .allMatch(
              draw ->
                  draw.temperature() == 0.7
                      && draw.topK() == 9
                      && draw.topP() == 0.8
                      && draw.minP() == 0.1)
          .extracting(TokenDraw::uniform)
          .doesNotHaveDuplicates();
      assertThat(generator.seed(5).generate(PROMPT).tokenIds()).isEqualTo(first.tokenIds());
      assertThat(drawing.session().drawn().subList(draws.size(), 2 * draws.size()))
          .extracting(TokenDraw::uniform)
          .containsExactlyElementsOf(draws.stream().map(TokenDraw::uniform).toList());
    }
  }

  @Test
  void guessesLeaveSeededTextsAsTheyAre() throws IOException {
    staged(new DrawingProvider(new ReferenceBackendProvider(), DrawingSession::new));
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(40).temperature(0.6).seed(5);
      List<Integer> tokens = generator.generate(PROMPT).tokenIds();
      assertThat(generator.speculate(DraftSource.PROMPT_LOOKUP, 4).generate(PROMPT).tokenIds())
          .isEqualTo(tokens);
    }
  }

  @Test
  void textWhoseDrawsFailIsThatOfItsSeedWithoutDraws() throws IOException {
    stage(new ReferenceBackendProvider());
    List<Integer> expected;
    try (Model model = loader().load()) {
      expected = sampled(model);
    }
    staged(new DrawingProvider(new ReferenceBackendProvider(), DrawTest::failing));
    try (Model model = loader().load()) {
      assertThat(sampled(model)).isEqualTo(expected);
    }
  }

  private static List<Integer> sampled(Model model) {
    return model.generator().maxNewTokens(20).temperature(1).seed(5).generate(PROMPT).tokenIds();
  }

  @Test
  void slotOfATextWithoutNumbersIsCleared() throws IOException {
    List<Integer> cleared = new ArrayList<>();
    staged(
        new DrawingProvider(
            new NanProvider(),
            right ->
                new DrawingSession(right) {
                  @Override
                  public void clearSlot(int slot) {
                    cleared.add(slot);
                    super.clearSlot(slot);
                  }
                }));
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().maxNewTokens(NEW_TOKENS).temperature(0);
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> generator.generate(PROMPT));
      assertThat(generator.generate(PROMPT).tokenIds()).hasSize(NEW_TOKENS);
    }
    assertThat(cleared).containsExactly(0);
  }

  @ParameterizedTest
  @MethodSource("beyondADevice")
  void whatNeedsMoreThanARowIsRead(UnaryOperator<Generator> option) throws IOException {
    DrawingProvider drawing = letters(DrawingSession::new);
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(NEW_TOKENS).temperature(0);
      GenerationResult unused = option.apply(generator).generate(PROMPT);
      assertThat(drawing.session().drawn()).isEmpty();
      assertThat(drawing.session().read()).isPositive();
    }
  }

  static List<UnaryOperator<Generator>> beyondADevice() {
    return List.of(
        generator -> generator.logProbs(1),
        generator -> generator.repetitionPenalty(1.1),
        generator -> generator.temperature(1).typicalP(0.5),
        generator -> generator.bannedTokens(3),
        generator -> generator.logitsProcessors((history, logits) -> {}));
  }

  @Test
  void failedDrawIsMadeUpForByReading() throws IOException {
    DrawingProvider drawing = letters(DrawTest::failing);
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(NEW_TOKENS).temperature(0);
      assertThat(generator.generate(PROMPT).text()).isEqualTo(lettersAfter(PROMPT, NEW_TOKENS));
      assertThat(drawing.session().read()).isEqualTo(NEW_TOKENS);
    }
  }

  @Test
  void rowThatIsNoNumberFailsItsTextByName() throws IOException {
    staged(new DrawingProvider(new NanProvider(), DrawingSession::new));
    try (Model model = loader().load()) {
      Generator generator = model.generator().maxNewTokens(NEW_TOKENS).temperature(0);
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> generator.generate(PROMPT))
          .withMessageContaining("NaN");
    }
  }

  private static DrawingSession failing(DecoderSession right) {
    return new DrawingSession(
        right,
        draw -> {
          throw new IllegalStateException("on purpose");
        });
  }

  private DrawingProvider letters(Function<DecoderSession, DrawingSession> drawing) {
    return staged(new DrawingProvider(lettersProvider(), drawing));
  }

  private DrawingProvider staged(DrawingProvider provider) {
    stage(provider);
    return provider;
  }
}
