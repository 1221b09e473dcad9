package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaggedBatchTest {

  @Test
  void singleTokensInNeighbouringSlotsAttendTogether() {
    assertThat(ordered(single(2, 9), single(0, 5), single(1, 100)).groups()).containsExactly(3);
  }

  @Test
  void slotsThatDoNotFollowEachOtherAttendApart() {
    assertThat(ordered(single(0, 5), single(1, 5), single(3, 5)).groups()).containsExactly(2, 1);
  }

  @Test
  void sequencesOfOtherLengthsAttendApart() {
    RaggedBatch batch =
        ordered(single(0, 127), single(1, 128), single(2, 255), single(3, 256), single(4, 20));
    assertThat(batch.groups()).containsExactly(1, 2, 1, 1);
  }

  @Test
  void rowsOfSeveralTokensAttendAloneAndComeLast() {
    RaggedBatch batch =
        ordered(new ForwardRow(1, 7, new int[] {40, 41}, 1), single(2, 5), single(0, 6));
    assertThat(batch.groups()).containsExactly(1, 1, 1);
    assertThat(batch.slots()).containsExactly(0, 2, 1);
    assertThat(batch.starts()).containsExactly(6, 5, 7);
    assertThat(batch.lengths()).containsExactly(1, 1, 2);
    assertThat(batch.positions()).containsExactly(6, 5, 7, 8);
    assertThat(batch.tokens()).containsExactly(10, 12, 40, 41);
  }

  @Test
  void logitsComeInTheOrderOfTheBatch() {
    RaggedBatch batch =
        ordered(
            new ForwardRow(1, 0, new int[] {40, 41, 42}, 2),
            new ForwardRow(3, 5, new int[] {7}, 0),
            single(2, 5),
            single(0, 6));
    assertThat(batch.slots()).containsExactly(0, 2, 3, 1);
    assertThat(batch.wanted()).containsExactly(4, 5, 1, 0);
  }

  @Test
  void keepsTheOrderOfHiddenStates() {
    RaggedBatch batch = RaggedBatch.of(new ForwardBatch(List.of(single(1, 5), single(0, 6))));
    assertThat(batch.slots()).containsExactly(1, 0);
    assertThat(batch.wanted()).containsExactly(0, 1);
    assertThat(batch.groups()).containsExactly(1, 1);
  }

  private static RaggedBatch ordered(ForwardRow... rows) {
    return RaggedBatch.ordered(new ForwardBatch(List.of(rows)));
  }

  /** Its token tells the slot. */
  private static ForwardRow single(int slot, int position) {
    return new ForwardRow(slot, position, new int[] {10 + slot}, 1);
  }
}
