package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.testkit.reference.CertainDraws;
import dev.loquat.testkit.reference.CertainDraws.CertainDraw;
import dev.loquat.testkit.reference.ReferenceDraw;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tokens that are drawn where the logits lie. A backend may have that or say that it has not. */
abstract class DrawContract extends ForwardContract {
  private static final int DRAWS = 400;
  private static final double TEMPERATURE = 0.8;

  /** What a sum of so many probabilities is off by at most that is rounded to single precision. */
  private static final double SLACK = VOCABULARY * 0x1p-24;

  DrawContract() {}

  @Test
  void drawsTokensAsTheirLogitsSay() throws IOException {
    Logits logits = logits();
    if (!logits.draws()) {
      assertRefuses(logits);
      return;
    }
    Random random = new Random(31);
    List<TokenDraw> draws =
        Stream.generate(() -> draw(random, logits.rows())).limit(DRAWS).toList();
    int[] tokens = logits.draw(draws);
    assertThat(tokens).hasSize(DRAWS);
    float[] row = new float[VOCABULARY];
    for (int i = 0; i < DRAWS; i++) {
      logits.read(draws.get(i).row(), row);
      assertThat(ReferenceDraw.possible(row, draws.get(i), SLACK))
          .as("%s", draws.get(i))
          .contains(tokens[i]);
    }
  }

  @Test
  void drawsTheTokenInWhoseShareTheNumberFalls() throws IOException {
    assertDraws(CertainDraws::byShare);
  }

  @Test
  void drawsTheLastTokenThatTopKKeeps() throws IOException {
    assertDraws(CertainDraws::byTopK);
  }

  @Test
  void drawsTheLastTokenThatTopPKeeps() throws IOException {
    assertDraws(CertainDraws::byTopP);
  }

  @Test
  void drawsTheLastTokenThatMinPKeeps() throws IOException {
    assertDraws(CertainDraws::byMinP);
  }

  private void assertDraws(Function<CertainDraws, List<CertainDraw>> rule) throws IOException {
    Logits logits = logits();
    if (!logits.draws()) {
      assertRefuses(logits);
      return;
    }
    float[] row = new float[VOCABULARY];
    logits.read(1, row);
    List<CertainDraw> draws = rule.apply(CertainDraws.of(row, 1, TEMPERATURE));
    assertThat(draws).hasSizeGreaterThan(VOCABULARY / 2);
    int[] tokens = logits.draw(draws.stream().map(CertainDraw::draw).toList());
    assertThat(tokens).containsExactly(draws.stream().mapToInt(CertainDraw::token).toArray());
  }

  @Test
  void drawRefusesRowsThatDoNotExist() throws IOException {
    Logits logits = logits();
    if (!logits.draws()) {
      assertRefuses(logits);
      return;
    }
    TokenDraw absent = new TokenDraw(logits.rows(), 1, 0, 1, 0, 0);
    assertThatThrownBy(() -> logits.draw(List.of(absent)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private Logits logits() throws IOException {
    return openPlain()
        .session()
        .forward(
            batch(new ForwardRow(0, 0, tokens(7, 29), 3), new ForwardRow(2, 0, tokens(4, 30), 1)));
  }

  private static void assertRefuses(Logits logits) {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> logits.draw(List.of(new TokenDraw(0, 1, 0, 1, 0, 0))));
  }

  private static TokenDraw draw(Random random, int rows) {
    return new TokenDraw(
        random.nextInt(rows),
        random.nextBoolean() ? 1 : 0.2 + 2 * random.nextDouble(),
        random.nextBoolean() ? 0 : 1 + random.nextInt(VOCABULARY + 9),
        random.nextBoolean() ? 1 : 0.05 + 0.95 * random.nextDouble(),
        random.nextBoolean() ? 0 : 0.5 * random.nextDouble(),
        random.nextInt(8) == 0 ? 0 : random.nextDouble());
  }
}
