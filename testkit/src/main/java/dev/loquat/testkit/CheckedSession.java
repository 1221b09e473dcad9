package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.testkit.reference.ReferenceLogits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A session that is compared with the reference at every step. Remembers which tokens each slot
 * should hold, and nothing of what the backend holds.
 */
final class CheckedSession {
  private final DecoderSession session;
  private final ReferenceLogits reference;
  private final double tolerance;
  private final Map<Integer, int[]> contents = new HashMap<>();

  CheckedSession(DecoderSession session, ReferenceLogits reference, double tolerance) {
    this.session = session;
    this.reference = reference;
    this.tolerance = tolerance;
  }

  /** The session under test. */
  DecoderSession session() {
    return session;
  }

  /** How many tokens a slot should hold. */
  int length(int slot) {
    return content(slot).length;
  }

  /** A row that goes on where the slot's sequence ends. */
  ForwardRow next(int slot, int[] tokens, int logitsCount) {
    return new ForwardRow(slot, length(slot), tokens, logitsCount);
  }

  /** Appends to one slot, alone. */
  void append(int slot, int[] tokens, int logitsCount) {
    step(next(slot, tokens, logitsCount));
  }

  /** Runs a step and compares all its logits. */
  void step(ForwardRow... rows) {
    step(List.of(rows));
  }

  /** Runs a step and compares all its logits. */
  void step(List<ForwardRow> rows) {
    ForwardBatch batch = new ForwardBatch(rows);
    Logits logits = session.forward(batch);
    rows.forEach(this::remember);
    assertThat(logits.rows()).as("rows of logits").isEqualTo(batch.logitsRows());
    int first = 0;
    for (ForwardRow row : rows) {
      compare(logits, first, row);
      first += row.logitsCount();
    }
  }

  /** Copies the beginning of a slot. */
  void copy(int from, int to, int tokens) {
    session.copySlot(from, to, tokens);
    contents.put(to, Arrays.copyOf(content(from), tokens));
  }

  /** Clears a slot. */
  void clear(int slot) {
    session.clearSlot(slot);
    contents.remove(slot);
  }

  /** Checks that a step is refused as one that can't be right. */
  void refuses(ForwardRow... rows) {
    ForwardBatch batch = new ForwardBatch(List.of(rows));
    assertThatThrownBy(() -> session.forward(batch))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank();
    batch.rows().forEach(row -> contents.remove(row.slot()));
  }

  private void compare(Logits logits, int first, ForwardRow row) {
    if (row.logitsCount() == 0) {
      return;
    }
    double[][] expected = reference.of(content(row.slot()));
    for (int i = 0; i < row.logitsCount(); i++) {
      int position = row.endPosition() - row.logitsCount() + i;
      compare(
          logits, first + i, expected[position], "slot " + row.slot() + ", position " + position);
    }
  }

  private void compare(Logits logits, int row, double[] expected, String where) {
    assertThat(logits.vocabularySize()).as("vocabulary size").isEqualTo(expected.length);
    float[] actual = new float[expected.length];
    logits.read(row, actual);
    double difference = 0;
    for (int token = 0; token < expected.length; token++) {
      difference = Math.max(difference, Math.abs(actual[token] - expected[token]));
    }
    assertThat(difference)
        .as("largest difference from the reference's logits at %s, row %s of the step", where, row)
        .isLessThanOrEqualTo(tolerance);
  }

  private void remember(ForwardRow row) {
    int[] tokens = Arrays.copyOf(content(row.slot()), row.endPosition());
    for (int i = 0; i < row.length(); i++) {
      tokens[row.firstPosition() + i] = row.token(i);
    }
    contents.put(row.slot(), tokens);
  }

  private int[] content(int slot) {
    return contents.getOrDefault(slot, new int[0]);
  }
}
