package dev.loquat.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepDivisionTest {

  @Test
  void dividesDecodesByNeighbouringSlots() {
    ForwardBatch batch =
        new ForwardBatch(List.of(decode(5), decode(0), decode(4), decode(1), decode(9)));
    assertThat(StepDivision.of(batch, 3))
        .extracting(part -> part.batch().rows().stream().map(ForwardRow::slot).toList())
        .containsExactly(List.of(0, 1), List.of(4, 5), List.of(9));
  }

  @Test
  void remembersWhereLogitsBelong() {
    ForwardBatch batch = new ForwardBatch(List.of(decode(5), decode(0), decode(4)));
    assertThat(StepDivision.of(batch, 3))
        .extracting(MicroBatch::logitsRows)
        .containsExactly(List.of(1), List.of(2), List.of(0));
  }

  @Test
  void leavesAStepInOnePieceAsItIs() {
    ForwardBatch batch = new ForwardBatch(List.of(decode(5), decode(0)));
    assertThat(StepDivision.of(batch, 1))
        .singleElement()
        .satisfies(part -> assertThat(part.batch()).isSameAs(batch))
        .satisfies(part -> assertThat(part.logitsRows()).containsExactly(0, 1));
  }

  /** What parts hold, put together by position, is the step again. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void partsHoldEveryTokenAndEveryRowOfLogitsOnce(long seed) {
    Random random = new Random(seed);
    ForwardBatch batch = randomBatch(random);
    int count = 1 + random.nextInt(7);
    List<MicroBatch> parts = StepDivision.of(batch, count);
    assertThat(parts).hasSizeLessThanOrEqualTo(count);
    Map<String, Integer> tokens = new HashMap<>();
    Map<String, Integer> logits = new HashMap<>();
    int firstToken = 0;
    for (MicroBatch part : parts) {
      assertThat(part.firstToken()).isEqualTo(firstToken);
      assertThat(part.logitsRows()).hasSize(part.batch().logitsRows());
      firstToken += part.batch().tokens();
      note(part.batch(), part.logitsRows(), tokens, logits);
    }
    Map<String, Integer> expectedTokens = new HashMap<>();
    Map<String, Integer> expectedLogits = new HashMap<>();
    note(batch, StepDivision.of(batch, 1).get(0).logitsRows(), expectedTokens, expectedLogits);
    assertThat(tokens).isEqualTo(expectedTokens);
    assertThat(logits).isEqualTo(expectedLogits);
  }

  @ParameterizedTest
  @CsvSource({"2, 8, 1", "2, 512, 7", "3, 512, 10", "1, 512, 1", "2, 100000, 64"})
  void longStepsAreDividedMore(int stages, int tokens, int expected) {
    ForwardBatch batch = new ForwardBatch(List.of(new ForwardRow(0, 0, new int[tokens], 1)));
    assertThat(new MicroBatches(stages, stages, 1, 0).of(batch)).isEqualTo(expected);
  }

  @Test
  void stagesOnOneDeviceTakeTurnsUnlessToldOtherwise() {
    ForwardBatch batch = new ForwardBatch(List.of(new ForwardRow(0, 0, new int[512], 1)));
    assertThat(new MicroBatches(3, 1, 1, 0).of(batch)).isEqualTo(1);
    assertThat(new MicroBatches(3, 1, 1, 4).of(batch)).isEqualTo(4);
    assertThat(new MicroBatches(1, 1, 1, 4).of(batch)).isEqualTo(1);
  }

  @Test
  void stepsOfSeveralLanesAreDividedOnlyWhereTheCallerSaysSo() {
    ForwardBatch batch = new ForwardBatch(List.of(new ForwardRow(0, 0, new int[512], 1)));
    assertThat(new MicroBatches(2, 2, 3, 0).of(batch)).isEqualTo(1);
    assertThat(new MicroBatches(2, 2, 3, 4).of(batch)).isEqualTo(4);
    assertThat(new MicroBatches(2, 1, 3, 0).computeTogether()).isTrue();
    assertThat(new MicroBatches(2, 1, 1, 0).computeTogether()).isFalse();
    assertThat(new MicroBatches(1, 1, 3, 4).computeTogether()).isFalse();
  }

  @Test
  void stepThatWantsManyLogitsIsNotDivided() {
    ForwardBatch batch = new ForwardBatch(List.of(new ForwardRow(0, 0, new int[512], 512)));
    assertThat(new MicroBatches(2, 2, 1, 4).of(batch)).isEqualTo(1);
  }

  private static void note(
      ForwardBatch batch,
      List<Integer> logitsRows,
      Map<String, Integer> tokens,
      Map<String, Integer> logits) {
    int row = 0;
    for (ForwardRow part : batch.rows()) {
      for (int i = 0; i < part.length(); i++) {
        String place = part.slot() + "/" + (part.firstPosition() + i);
        assertThat(tokens.put(place, part.token(i))).as(place).isNull();
        if (i >= part.length() - part.logitsCount()) {
          assertThat(logits.put(place, logitsRows.get(row++))).as(place).isNull();
        }
      }
    }
  }

  private static ForwardBatch randomBatch(Random random) {
    List<ForwardRow> rows = new ArrayList<>();
    for (int slot = 0; slot < 1 + random.nextInt(5); slot++) {
      int length = 1 + random.nextInt(20);
      int[] tokens = random.ints(length, 0, 100).toArray();
      rows.add(new ForwardRow(slot, random.nextInt(9), tokens, random.nextInt(length + 1)));
    }
    Collections.shuffle(rows, random);
    return new ForwardBatch(rows);
  }

  private static ForwardRow decode(int slot) {
    return new ForwardRow(slot, 3, new int[] {7}, 1);
  }
}
