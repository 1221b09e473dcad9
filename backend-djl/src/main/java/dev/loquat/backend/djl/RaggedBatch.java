package dev.loquat.backend.djl;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A batch in the form of the program: the tokens of all rows one after the other, without padding.
 */
final class RaggedBatch {
  private final long[] tokens;
  private final long[] positions;
  private final long[] slots;
  private final long[] starts;
  private final long[] lengths;
  private final long[] wanted;

  private RaggedBatch(List<ForwardRow> rows) {
    this.tokens = rows.stream().flatMapToLong(RaggedBatch::tokens).toArray();
    this.positions = rows.stream().flatMapToLong(RaggedBatch::positions).toArray();
    this.slots = ofRows(rows, ForwardRow::slot);
    this.starts = ofRows(rows, ForwardRow::firstPosition);
    this.lengths = ofRows(rows, ForwardRow::length);
    this.wanted = wanted(rows);
  }

  static RaggedBatch of(ForwardBatch batch) {
    return new RaggedBatch(batch.rows());
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

  /** The indices among all tokens of those that want logits. */
  private static long[] wanted(List<ForwardRow> rows) {
    LongStream.Builder indices = LongStream.builder();
    long end = 0;
    for (ForwardRow row : rows) {
      end += row.length();
      LongStream.range(end - row.logitsCount(), end).forEach(indices::add);
    }
    return indices.build().toArray();
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

  /** Indices of the tokens that want logits, [logits rows]. */
  long[] wanted() {
    return wanted;
  }
}
