package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Splits a batch into runs that the runtime's attention can do: several slots of one token each, or
 * one slot of many tokens.
 *
 * <p>Rows of one token share a run. It covers neighbouring slots, for the cache is not copied;
 * slots between them that take no part idle along, as long as that costs less than another run.
 */
public final class RunPlanner {
  /** The most tokens of one run; bounds the memory for attention scores and logits. */
  public static final int MAX_TOKENS = 512;

  /**
   * What another run costs, in rows. A run reads all weights; a row only computes with them.
   * Measured with SmolLM2 on two cores: 19 ms and 2 ms.
   */
  private static final int RUN_COST = 9;

  /** The positions that attention reads in the time a row takes otherwise; 6 ms for 1,000. */
  private static final int POSITIONS_PER_ROW = 333;

  private final KvCache cache;

  /**
   * Creates a planner.
   *
   * @param cache tells how long slots are
   */
  public RunPlanner(KvCache cache) {
    this.cache = cache;
  }

  /**
   * Plans a step over the cache as it is now.
   *
   * @param batch fits the cache's layout and capacity
   * @return the runs in their order: single tokens first, so that what idle slots write is
   *     overwritten by the longer rows
   */
  public List<Run> plan(ForwardBatch batch) {
    List<Piece> singles = new ArrayList<>();
    List<Run> chunks = new ArrayList<>();
    int firstToken = 0;
    int firstLogits = 0;
    for (ForwardRow row : batch.rows()) {
      if (row.length() == 1) {
        singles.add(new Piece(row, firstToken, firstLogits, 0, 1));
      } else {
        addChunks(row, firstToken, firstLogits, chunks);
      }
      firstToken += row.length();
      firstLogits += row.logitsCount();
    }
    List<Run> runs = group(singles);
    runs.addAll(chunks);
    return runs;
  }

  private static void addChunks(ForwardRow row, int firstToken, int firstLogits, List<Run> chunks) {
    for (int from = 0; from < row.length(); from += MAX_TOKENS) {
      int end = Math.min(from + MAX_TOKENS, row.length());
      Piece piece = new Piece(row, firstToken, firstLogits, from, end);
      chunks.add(new Run(new SlotRange(row.slot(), 1), piece.tokens(), List.of(piece)));
    }
  }

  private List<Run> group(List<Piece> singles) {
    List<Run> runs = new ArrayList<>();
    List<Piece> group = new ArrayList<>();
    singles.sort(Comparator.comparingInt(piece -> piece.row().slot()));
    for (Piece piece : singles) {
      if (!group.isEmpty() && !joins(group, piece)) {
        runs.add(together(group));
        group.clear();
      }
      group.add(piece);
    }
    if (!group.isEmpty()) {
      runs.add(together(group));
    }
    return runs;
  }

  private boolean joins(List<Piece> group, Piece next) {
    int first = group.get(0).row().slot();
    int last = group.get(group.size() - 1).row().slot();
    int slot = next.row().slot();
    return slot - first < cache.maxSlotsPerRun() && idleCost(last + 1, slot) <= RUN_COST;
  }

  /** An idle slot writes behind its last position and reads what it holds. */
  private long idleCost(int from, int end) {
    long cost = 0;
    for (int slot = from; slot < end; slot++) {
      if (cache.length(slot) >= cache.capacity()) {
        return Long.MAX_VALUE;
      }
      cost += 1 + cache.length(slot) / POSITIONS_PER_ROW;
    }
    return cost;
  }

  private static Run together(List<Piece> group) {
    int first = group.get(0).row().slot();
    int last = group.get(group.size() - 1).row().slot();
    return new Run(new SlotRange(first, last - first + 1), 1, group);
  }
}
