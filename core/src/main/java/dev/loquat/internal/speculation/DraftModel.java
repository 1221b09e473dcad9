package dev.loquat.internal.speculation;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import dev.loquat.internal.kvcache.PrefixIndex;
import dev.loquat.internal.kvcache.PrefixIndex.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Drafts the likeliest tokens by a model of its own, for several sequences in each of its steps.
 *
 * <p>A sequence's slot here has the number of its slot there. It may hold anything: drafts that
 * were wrong, another sequence, less than all. What it has in common with the sequence stays, the
 * rest is overwritten, so that nothing has to be told of acceptance, preemption or ends.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
public final class DraftModel implements Drafter {
  /** A shorter beginning is computed faster than it is copied. */
  private static final int MIN_COPIED_TOKENS = 16;

  private final DecoderSession session;
  private final int stepTokens;
  private final float[] row;
  private final int vocabularySize;
  private final PrefixIndex held;

  /**
   * Creates it.
   *
   * @param session the draft model's; its backend closes it
   * @param rowWidth the draft model's vocabulary, a row of its logits
   * @param vocabularySize drafted tokens are below it; at most {@code rowWidth}
   * @param stepTokens the most tokens that a draft's first step computes, 1 or more; a sequence
   *     that has more to catch up with gets no draft yet
   */
  public DraftModel(DecoderSession session, int rowWidth, int vocabularySize, int stepTokens) {
    this.session = session;
    this.stepTokens = stepTokens;
    this.row = new float[rowWidth];
    this.vocabularySize = vocabularySize;
    held = new PrefixIndex(session.layout().slots());
  }

  @Override
  public List<int[]> draft(List<DraftRequest> requests) {
    int context = session.layout().contextLength();
    List<Draft> drafts = requests.stream().map(request -> new Draft(request, context)).toList();
    try {
      drafts.forEach(this::reuse);
      extend(drafts);
    } catch (Throwable e) {
      requests.forEach(request -> held.truncate(request.slot(), 0));
      throw e;
    }
    return drafts.stream().map(Draft::drafted).toList();
  }

  @Override
  public void forget() {
    for (int slot = 0; slot < session.layout().slots(); slot++) {
      held.truncate(slot, 0);
      session.clearSlot(slot);
    }
  }

  /** Copies the beginning from another slot that holds much more of it. */
  private void reuse(Draft draft) {
    int own = held.commonLength(draft.slot(), draft.tokens(), draft.reusable());
    Match other = held.longest(draft.tokens(), draft.reusable());
    boolean copies = other.length() - own >= MIN_COPIED_TOKENS;
    if (copies) {
      session.copySlot(other.slot(), draft.slot(), other.length());
      held.copy(other.slot(), draft.slot(), other.length());
    }
    draft.start(copies ? other.length() : own);
  }

  private void extend(List<Draft> drafts) {
    List<Draft> next =
        drafts.stream()
            .filter(Draft::isWanted)
            .sorted(Comparator.comparingInt(Draft::pending))
            .toList();
    while (!next.isEmpty()) {
      next = step(next);
    }
  }

  /** One step of the model; returns those that go on. */
  private List<Draft> step(List<Draft> drafts) {
    List<Draft> taking = fitting(drafts);
    Logits logits = session.forward(new ForwardBatch(taking.stream().map(Draft::row).toList()));
    int logitsRow = 0;
    for (Draft draft : taking) {
      held.write(draft.slot(), draft.cached(), draft.chunk());
      if (draft.completes()) {
        draft.append(likeliest(logits, logitsRow++));
      } else {
        draft.advance();
      }
    }
    return taking.stream().filter(Draft::goesOn).toList();
  }

  /**
   * The shortest first; a sequence that was drafted for before has two tokens at most to catch up
   * with.
   */
  private List<Draft> fitting(List<Draft> drafts) {
    List<Draft> fitting = new ArrayList<>();
    int room = Math.max(stepTokens, 2 * drafts.size());
    for (Draft draft : drafts) {
      int count = Math.min(draft.pending(), room);
      if (count > 0) {
        draft.plan(count);
        fitting.add(draft);
        room -= count;
      }
    }
    return fitting;
  }

  private int likeliest(Logits logits, int logitsRow) {
    logits.read(logitsRow, row);
    int best = 0;
    for (int token = 1; token < vocabularySize; token++) {
      if (row[token] > row[best]) {
        best = token;
      }
    }
    return best;
  }
}
