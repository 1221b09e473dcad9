package dev.loquat.internal.pipeline;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides a step into micro-batches of about as many tokens each. Rows are taken in the order of
 * their slots, since backends compute neighbouring slots best together. A long row is cut; its
 * parts come in the order of positions, so that each finds in the cache what stands before it.
 */
final class StepDivision {
  private final List<Row> rows;
  private final int tokensPerPart;
  private final List<MicroBatch> parts = new ArrayList<>();
  private final List<ForwardRow> taken = new ArrayList<>();
  private final List<Integer> logitsRows = new ArrayList<>();
  private int firstToken;
  private int tokens;

  private StepDivision(List<Row> rows, int tokensPerPart) {
    this.rows = rows;
    this.tokensPerPart = tokensPerPart;
  }

  /**
   * Divides a step.
   *
   * @param count how many micro-batches, 1 or more; fewer where there are not so many tokens
   */
  static List<MicroBatch> of(ForwardBatch batch, int count) {
    if (count == 1) {
      List<Integer> same = IntStream.range(0, batch.logitsRows()).boxed().toList();
      return List.of(new MicroBatch(batch, 0, same));
    }
    int tokensPerPart = (batch.tokens() + count - 1) / count;
    StepDivision division = new StepDivision(bySlot(batch), tokensPerPart);
    division.divide();
    return division.parts;
  }

  private static List<Row> bySlot(ForwardBatch batch) {
    List<Row> rows = new ArrayList<>();
    int firstLogits = 0;
    for (ForwardRow row : batch.rows()) {
      rows.add(new Row(row, firstLogits));
      firstLogits += row.logitsCount();
    }
    rows.sort(Comparator.comparingInt(row -> row.whole().slot()));
    return rows;
  }

  private void divide() {
    for (Row row : rows) {
      int from = 0;
      while (from < row.whole().length()) {
        int end = Math.min(row.whole().length(), from + tokensPerPart - tokens);
        take(row, from, end);
        from = end;
      }
    }
    endPart();
  }

  private void take(Row row, int from, int end) {
    taken.add(row.part(from, end));
    row.logitsRows(from, end).forEach(logitsRows::add);
    tokens += end - from;
    if (tokens == tokensPerPart) {
      endPart();
    }
  }

  private void endPart() {
    if (!taken.isEmpty()) {
      parts.add(new MicroBatch(new ForwardBatch(taken), firstToken, logitsRows));
      firstToken += tokens;
      taken.clear();
      logitsRows.clear();
      tokens = 0;
    }
  }

  private record Row(ForwardRow whole, int firstLogits) {

    ForwardRow part(int from, int end) {
      if (from == 0 && end == whole.length()) {
        return whole;
      }
      int[] tokens = IntStream.range(from, end).map(whole::token).toArray();
      int wanted = (int) logitsRows(from, end).count();
      return new ForwardRow(whole.slot(), whole.firstPosition() + from, tokens, wanted);
    }

    IntStream logitsRows(int from, int end) {
      int unwanted = whole.length() - whole.logitsCount();
      return IntStream.range(Math.max(from, unwanted), Math.max(end, unwanted))
          .map(token -> firstLogits + token - unwanted);
    }
  }
}
