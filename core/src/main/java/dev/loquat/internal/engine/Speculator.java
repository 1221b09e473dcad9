package dev.loquat.internal.engine;

import dev.loquat.generation.Speculation;
import dev.loquat.generation.TokenHistory;
import dev.loquat.internal.speculation.Drafter;

/**
 * How many tokens a generation drafts, and how many were right.
 *
 * <p>A draft costs about as much as a token of a prompt, so that wrong ones slow a text down: where
 * a draft was right as a whole the next is twice as long, and otherwise one longer than was right.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class Speculator {
  private static final int FIRST_LENGTH = 4;
  private static final int[] NOTHING = {};

  private final Drafter drafter;
  private final int maxDraftTokens;
  private int length = FIRST_LENGTH;
  private int drafted;
  private int accepted;

  /** Creates it; with a most of 0 tokens it never drafts. */
  Speculator(Drafter drafter, int maxDraftTokens) {
    this.drafter = drafter;
    this.maxDraftTokens = maxDraftTokens;
  }

  /** Drafts at most as many tokens as there is room for. */
  int[] draft(TokenHistory history, int room) {
    int limit = Math.min(Math.min(length, maxDraftTokens), room);
    return limit > 0 ? drafter.draft(history, limit) : NOTHING;
  }

  /** Notes how many tokens of a draft were right. */
  void note(int drafts, int right) {
    drafted += drafts;
    accepted += right;
    if (drafts > 0) {
      length = right < drafts ? right + 1 : Math.min(Math.max(length, 2 * drafts), maxDraftTokens);
    }
  }

  Speculation summary() {
    return new Speculation(drafted, accepted);
  }
}
