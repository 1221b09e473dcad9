package dev.loquat.internal.scheduler;

import dev.loquat.internal.scheduler.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the tokens of a step: every decode, and as many prefill tokens as the budget takes.
 *
 * <p>Of prefills the oldest gets half of the budget at least, so that none starves; the rest goes
 * to the shortest first, so that a short prompt does not wait for a long one.
 */
final class StepPlanner {
  /** The most tokens of a chunk whose positions all get logits: a row of them is large. */
  static final int MAX_LOGITS_ROWS = 64;

  private final int stepTokens;

  StepPlanner(int stepTokens) {
    if (stepTokens < 1) {
      throw new IllegalArgumentException("stepTokens is " + stepTokens + "; expected 1 or more");
    }
    this.stepTokens = stepTokens;
  }

  List<Chunk> plan(Collection<Sequence> running) {
    List<Chunk> chunks = new ArrayList<>();
    running.stream()
        .filter(sequence -> sequence.group().isDecoding())
        .forEach(sequence -> chunks.add(decode(sequence)));
    planPrefills(running.stream().filter(StepPlanner::isPrefilling).toList(), chunks);
    return chunks;
  }

  private static boolean isPrefilling(Sequence sequence) {
    return !sequence.group().isDecoding() && sequence.prefillTokens() > 0;
  }

  private void planPrefills(List<Sequence> prefilling, List<Chunk> chunks) {
    if (prefilling.isEmpty()) {
      return;
    }
    Sequence oldest = prefilling.get(0);
    int reserved = Math.min(chunkLimit(oldest), (stepTokens + 1) / 2);
    int rest = stepTokens - reserved;
    for (Sequence sequence : shortestFirst(prefilling)) {
      if (sequence != oldest && rest > 0) {
        int tokens = Math.min(rest, chunkLimit(sequence));
        chunks.add(prefill(sequence, tokens));
        rest -= tokens;
      }
    }
    chunks.add(prefill(oldest, Math.min(reserved + rest, chunkLimit(oldest))));
  }

  private static List<Sequence> shortestFirst(List<Sequence> sequences) {
    return sequences.stream().sorted(Comparator.comparingInt(Sequence::prefillTokens)).toList();
  }

  private static int chunkLimit(Sequence sequence) {
    int pending = sequence.prefillTokens();
    return sequence.demand().promptLogits() ? Math.min(pending, MAX_LOGITS_ROWS) : pending;
  }

  private static Chunk decode(Sequence sequence) {
    int drafts = sequence.drafts();
    return new Chunk(sequence, sequence.cachedLength(), 1, drafts, 1 + drafts);
  }

  private static Chunk prefill(Sequence sequence, int tokens) {
    boolean completes = tokens == sequence.pendingTokens();
    int logitsRows = sequence.demand().promptLogits() ? tokens : completes ? 1 : 0;
    return new Chunk(sequence, sequence.cachedLength(), tokens, 0, logitsRows);
  }
}
