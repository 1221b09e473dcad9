package dev.loquat.internal.engine;

import dev.loquat.generation.DraftSource;
import dev.loquat.generation.Speculation;
import dev.loquat.generation.SpeculationOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.speculation.DraftRequest;

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

  private final DraftSource source;
  private final Sequence sequence;
  private final TokenHistory history;
  private final TextLimits limits;
  private int maxDraftTokens;
  private int length = FIRST_LENGTH;
  private int drafted;
  private int accepted;

  Speculator(
      SpeculationOptions options, Sequence sequence, TokenHistory history, TextLimits limits) {
    this.source = options.source();
    this.maxDraftTokens = options.maxDraftTokens();
    this.sequence = sequence;
    this.history = history;
    this.limits = limits;
  }

  DraftSource source() {
    return source;
  }

  /**
   * Whether it wants a draft, of which so many tokens at least should be right to be worth a step.
   */
  boolean wants(int worthwhile) {
    return limit() > 0 && length >= worthwhile;
  }

  DraftRequest request() {
    return new DraftRequest(sequence.slot(), history, limit());
  }

  /** Takes what was drafted; the next step checks it. */
  void take(int... draft) {
    sequence.draft(draft);
  }

  /** Wants no more drafts. */
  void giveUp() {
    maxDraftTokens = 0;
  }

  /** Notes how many tokens of a draft were right. */
  void note(int drafts, int right) {
    drafted += drafts;
    accepted += right;
    if (drafts > 0) {
      length = right < drafts ? right + 1 : Math.min(Math.max(length, 2 * drafts), maxDraftTokens);
    }
  }

  /** Leaves room for the token that follows the drafts, so that the text ends where it should. */
  private int limit() {
    int room = limits.newTokensLeft(history.length() - history.promptLength()) - 1;
    return Math.min(Math.min(length, maxDraftTokens), room);
  }

  Speculation summary() {
    return new Speculation(drafted, accepted);
  }
}
