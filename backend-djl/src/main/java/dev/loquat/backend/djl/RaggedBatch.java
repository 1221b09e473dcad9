package dev.loquat.backend.djl;

import static java.util.Objects.requireNonNull;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A batch in the form of the program: the tokens of all rows one after the other, without padding.
 *
 * <p>Rows of one token each attend together where their slots follow each other and their sequences
 * are about equally long: the shorter ones are masked up to the longest, at most twice as long.
 */
final class RaggedBatch {
  private static final Comparator<ForwardRow> SINGLE_TOKENS_BY_SLOT =
      Comparator.comparing((ForwardRow row) -> row.length() > 1).thenComparingInt(ForwardRow::slot);

  private final long[] tokens;
  private final long[] positions;
  private final long[] slots;
  private final long[] starts;
  private final long[] lengths;
  private final long[] groups;
  private final long[] wanted;

  private RaggedBatch(List<ForwardRow> rows, List<ForwardRow> asked) {
    this.tokens = rows.stream().flatMapToLong(RaggedBatch::tokens).toArray();
    this.positions = rows.stream().flatMapToLong(RaggedBatch::positions).toArray();
    this.slots = ofRows(rows, ForwardRow::slot);
    this.starts = ofRows(rows, ForwardRow::firstPosition);
    this.lengths = ofRows(rows, ForwardRow::length);
    this.groups = groups(rows);
    this.wanted = wanted(rows, asked);
  }

  /** The rows in their order, as hidden states have them. */
  static RaggedBatch of(ForwardBatch batch) {
    return new RaggedBatch(batch.rows(), batch.rows());
  }

  /** The rows in the order in which most attend together; logits come in the batch's order. */
  static RaggedBatch ordered(ForwardBatch batch) {
    List<ForwardRow> rows = batch.rows().stream().sorted(SINGLE_TOKENS_BY_SLOT).toList();
    return new RaggedBatch(rows, batch.rows());
  }

  private static LongStream tokens(ForwardRow row) {
    return IntStream.range(0, row.length()).map(row::token).asLongStream();
  }

  private static LongStream positions(ForwardRow row) {
    return LongStream.range(row.firstPosition(), row.endPosition());
  }

  private static long[] ofRows(List<ForwardRow> rows, ToIntFunction<ForwardRow> number) {
    return rows.stream().mapToInt(number).asLongStream().toArray();
  }

  /** How many rows, one after the other, attend together. */
  private static long[] groups(List<ForwardRow> rows) {
    LongStream.Builder sizes = LongStream.builder();
    int first = 0;
    for (int row = 1; row <= rows.size(); row++) {
      if (row == rows.size() || !together(rows.get(row - 1), rows.get(row))) {
        sizes.add(row - first);
        first = row;
      }
    }
    return sizes.build().toArray();
  }

  private static boolean together(ForwardRow row, ForwardRow next) {
    return row.length() == 1
        && next.length() == 1
        && next.slot() == row.slot() + 1
        && StageCache.room(next.endPosition()) == StageCache.room(row.endPosition());
  }

  /** The indices among all tokens of those that want logits, in the order they were asked for. */
  private static long[] wanted(List<ForwardRow> rows, List<ForwardRow> asked) {
    IdentityHashMap<ForwardRow, Integer> ends = new IdentityHashMap<>();
    int end = 0;
    for (ForwardRow row : rows) {
      end += row.length();
      ends.put(row, end);
    }
    return asked.stream()
        .flatMapToLong(row -> lastTokens(requireNonNull(ends.get(row)), row.logitsCount()))
        .toArray();
  }

  private static LongStream lastTokens(int end, int count) {
    return LongStream.range(end - count, end);
  }

  /** Token ids, [tokens]. */
  long[] tokens() {
    return tokens;
  }

  /** Positions in their sequences, [tokens]. */
  long[] positions() {
    return positions;
  }

  /** Cache slots, [rows]. */
  long[] slots() {
    return slots;
  }

  /** First positions, [rows]. */
  long[] starts() {
    return starts;
  }

  /** Numbers of tokens, [rows]. */
  long[] lengths() {
    return lengths;
  }

  /** Numbers of rows that attend together, [groups]. */
  long[] groups() {
    return groups;
  }

  /** Indices of the tokens that want logits, [logits rows]. */
  long[] wanted() {
    return wanted;
  }
}
