package dev.loquat.internal.scheduler;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.loquat.internal.scheduler.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Chooses the tokens of a step: every decode, and as many prefill tokens as the budget takes.
 *
 * <p>Prefills of a higher priority go first, and leave to others what they don't need. Of those of
 * one priority the oldest gets half of the budget at least, so that none starves; the rest goes to
 * the shortest first, so that a short prompt does not wait for a long one.
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
    int budget = stepTokens;
    for (List<Sequence> equals : byPriority(running)) {
      budget -= planPrefills(equals, budget, chunks);
    }
    return chunks;
  }

  /** Those that prefill, the highest priority first. */
  private static Collection<List<Sequence>> byPriority(Collection<Sequence> running) {
    return running.stream()
        .filter(StepPlanner::isPrefilling)
        .collect(
            groupingBy(
                Sequence::priority, () -> new TreeMap<>(Comparator.reverseOrder()), toList()))
        .values();
  }

  private static boolean isPrefilling(Sequence sequence) {
    return !sequence.group().isDecoding() && sequence.prefillTokens() > 0;
  }

  /** Shares a budget out among prefills of one priority; returns what they take of it. */
  private static int planPrefills(List<Sequence> equals, int budget, List<Chunk> chunks) {
    if (budget == 0) {
      return 0;
    }
    Sequence oldest = equals.get(0);
    int reserved = Math.min(chunkLimit(oldest), (budget + 1) / 2);
    int rest = budget - reserved;
    for (Sequence sequence : shortestFirst(equals)) {
      if (sequence != oldest && rest > 0) {
        int tokens = Math.min(rest, chunkLimit(sequence));
        chunks.add(prefill(sequence, tokens));
        rest -= tokens;
      }
    }
    int last = Math.min(reserved + rest, chunkLimit(oldest));
    chunks.add(prefill(oldest, last));
    return budget - (reserved + rest - last);
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
