package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one step computes, however its rows are cut and mixed. */
abstract class ForwardContract extends ProviderContract {

  ForwardContract() {}

  @Test
  void promptMatchesTheReferenceAtAllPositions() throws IOException {
    openPlain().append(0, tokens(33, 1), 33);
  }

  @Test
  void chunkedPrefillEqualsWholePrefill() throws IOException {
    CheckedSession session = openPlain();
    int[] prompt = tokens(45, 2);
    int from = 0;
    for (int end : new int[] {1, 17, 18, 20, 45}) {
      session.append(3, Arrays.copyOfRange(prompt, from, end), end - from);
      from = end;
    }
  }

  @Test
  void decodingRowByRowEqualsPrefill() throws IOException {
    CheckedSession session = openPlain();
    for (int token : tokens(40, 3)) {
      session.append(1, new int[] {token}, 1);
    }
  }

  @Test
  void promptsInOneBatchEqualEachAlone() throws IOException {
    CheckedSession session = openPlain();
    session.step(
        session.next(0, tokens(3, 4), 3),
        session.next(1, tokens(29, 5), 29),
        session.next(2, tokens(1, 6), 1),
        session.next(3, tokens(16, 7), 16));
  }

  @Test
  void decodesSequencesOfDifferentLengthsTogether() throws IOException {
    CheckedSession session = openPlain();
    for (int slot = 0; slot < LAYOUT.slots(); slot++) {
      session.append(slot, tokens(1 + 9 * slot, slot), 0);
    }
    for (int step = 0; step < 5; step++) {
      session.step(decodeRows(session, step, 0, 1, 2, 3, 4, 5, 6, 7));
    }
  }

  @Test
  void prefillChunksAndDecodesShareOneBatch() throws IOException {
    CheckedSession session = openPlain();
    session.append(0, tokens(12, 8), 1);
    session.append(4, tokens(25, 9), 1);
    for (int step = 0; step < 4; step++) {
      session.step(
          session.next(0, tokens(1, step), 1),
          session.next(2, tokens(11, 10 + step), step % 2),
          session.next(4, tokens(1, 20 + step), 1));
    }
  }

  @Test
  void rowsMayComeInAnyOrderOfSlots() throws IOException {
    CheckedSession session = openPlain();
    session.step(
        session.next(5, tokens(6, 11), 2),
        session.next(0, tokens(13, 12), 13),
        session.next(3, tokens(4, 13), 1));
    session.step(decodeRows(session, 14, 3, 5, 0));
    session.step(decodeRows(session, 15, 0, 3, 5));
  }

  @Test
  void computesOnlyTheLogitsAskedFor() throws IOException {
    CheckedSession session = openPlain();
    session.step(
        session.next(0, tokens(9, 16), 0),
        session.next(1, tokens(9, 17), 1),
        session.next(2, tokens(9, 18), 4),
        session.next(3, tokens(9, 19), 9));
  }

  @Test
  void stepWithoutLogitsStillFillsTheCache() throws IOException {
    CheckedSession session = openPlain();
    session.step(session.next(0, tokens(9, 20), 0), session.next(6, tokens(14, 21), 0));
    session.step(decodeRows(session, 22, 6, 0));
  }

  @Test
  void logitsMayBeReadTwiceAndIntoLongerArrays() throws IOException {
    DecoderSession session = openPlain().session();
    Logits logits = session.forward(batch(new ForwardRow(0, 0, tokens(5, 23), 2)));
    float[] exact = new float[VOCABULARY];
    float[] longer = new float[VOCABULARY + 1];
    longer[VOCABULARY] = 42;
    logits.read(1, exact);
    logits.read(1, longer);
    assertThat(Arrays.copyOf(longer, VOCABULARY)).isEqualTo(exact);
    assertThat(longer[VOCABULARY]).as("what stands behind the row").isEqualTo(42);
  }

  @Test
  void logitsRefuseRowsAndArraysThatDoNotFit() throws IOException {
    DecoderSession session = openPlain().session();
    Logits logits = session.forward(batch(new ForwardRow(0, 0, tokens(5, 24), 2)));
    float[] row = new float[VOCABULARY];
    for (int absent : new int[] {-1, 2}) {
      assertThatThrownBy(() -> logits.read(absent, row))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> logits.read(0, new float[VOCABULARY - 1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void sequenceGrowsToExactlyTheContextLength() throws IOException {
    CheckedSession session = openPlain();
    session.append(7, tokens(CONTEXT - 2, 25), 1);
    session.append(7, tokens(1, 26), 1);
    session.append(7, tokens(1, 27), 1);
    session.append(0, tokens(CONTEXT, 28), CONTEXT);
  }

  static ForwardBatch batch(ForwardRow... rows) {
    return new ForwardBatch(List.of(rows));
  }

  /** A decode row for each slot. */
  static List<ForwardRow> decodeRows(CheckedSession session, long seed, int... slots) {
    return Arrays.stream(slots)
        .mapToObj(slot -> session.next(slot, tokens(1, seed * LAYOUT.slots() + slot), 1))
        .toList();
  }
}
