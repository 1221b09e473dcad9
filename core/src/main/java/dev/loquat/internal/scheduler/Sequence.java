package dev.loquat.internal.scheduler;

import dev.loquat.generation.TokenHistory;
import java.util.Arrays;
import java.util.Objects;

/**
 * The tokens of one request, prompt and new ones, and how many of them the KV cache holds.
 *
 * <p>Not thread-safe: owned by the engine thread once it was submitted.
 */
public final class Sequence implements TokenHistory {
  private static final int WAITING = -1;
  private static final int UNKNOWN = -1;
  private static final int[] NO_DRAFTS = {};

  private final SequenceGroup group;
  private final Demand demand;
  private final int promptLength;
  private int[] tokens;
  private int length;
  private int cachedLength;
  private int reusedTokens = UNKNOWN;
  private int slot = WAITING;
  private long arrival;
  private int[] drafts = NO_DRAFTS;

  private Sequence(SequenceGroup group, Demand demand, int promptLength, int[] tokens) {
    this.group = group;
    this.demand = demand;
    this.promptLength = promptLength;
    this.tokens = tokens;
    length = tokens.length;
  }

  /**
   * Creates a sequence that waits for a slot.
   *
   * @param prompt the prompt's token ids, copied; at least one
   * @param demand what it needs
   */
  public Sequence(int[] prompt, Demand demand) {
    this(new SequenceGroup(), demand, prompt.length, prompt.clone());
    if (prompt.length == 0) {
      throw new IllegalArgumentException("The prompt has no tokens; expected at least one");
    }
    group.members().add(this);
  }

  /**
   * Creates a sequence that goes on from here apart from this one, in a slot of the same demand.
   *
   * @return a sequence with the same tokens, for {@link StepOutcome.Branched}
   */
  public Sequence branch() {
    Sequence branch = new Sequence(group, demand, promptLength, Arrays.copyOf(tokens, length));
    branch.arrive(arrival);
    return branch;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int token(int position) {
    return tokens[Objects.checkIndex(position, length)];
  }

  @Override
  public int promptLength() {
    return promptLength;
  }

  /**
   * The prompt's tokens that were in the cache when the sequence first got a slot.
   *
   * @return 0 to below {@link #promptLength}
   */
  public int reusedTokens() {
    return Math.max(reusedTokens, 0);
  }

  /**
   * Drafts what may come next; the next step checks it.
   *
   * @param guesses token ids
   */
  public void draft(int... guesses) {
    drafts = guesses.clone();
  }

  /**
   * A drafted token that the step computed.
   *
   * @param index which one, from 0
   * @return its id
   */
  public int draft(int index) {
    return drafts[index];
  }

  /**
   * The slot that it runs in.
   *
   * @return 0 or more, or -1 while it waits
   */
  public int slot() {
    return slot;
  }

  /**
   * How many slots it needs at once.
   *
   * @return 1 or more
   */
  public int slotsNeeded() {
    return demand.slots();
  }

  SequenceGroup group() {
    return group;
  }

  Demand demand() {
    return demand;
  }

  int priority() {
    return demand.priority();
  }

  int cachedLength() {
    return cachedLength;
  }

  long arrival() {
    return arrival;
  }

  int drafts() {
    return drafts.length;
  }

  /** How many tokens may come from the cache: the last must be computed, to go on from. */
  int reusableLength() {
    return demand.promptLogits() ? 0 : length - 1;
  }

  boolean hasOnlyItsLastTokenPending() {
    return length > promptLength && pendingTokens() == 1;
  }

  int pendingTokens() {
    return length - cachedLength;
  }

  /** What prefills compute; branches leave their last token to a step of all of them. */
  int prefillTokens() {
    return group.isBranched() ? pendingTokens() - 1 : pendingTokens();
  }

  /** The tokens of a row: pending ones, and drafts. */
  int[] tokens(int pending, int drafted) {
    int[] row = Arrays.copyOfRange(tokens, cachedLength, cachedLength + pending + drafted);
    System.arraycopy(drafts, 0, row, pending, drafted);
    return row;
  }

  int[] tokens() {
    return tokens;
  }

  int commonLength(Sequence other) {
    int common = Math.min(reusableLength(), other.length);
    int mismatch = Arrays.mismatch(tokens, 0, common, other.tokens, 0, common);
    return mismatch < 0 ? common : mismatch;
  }

  void arrive(long number) {
    arrival = number;
  }

  void start(int newSlot, int cached) {
    if (reusedTokens == UNKNOWN) {
      reusedTokens = cached;
    }
    slot = newSlot;
    cachedLength = cached;
  }

  void stop() {
    slot = WAITING;
    restart();
  }

  void restart() {
    cachedLength = 0;
    drafts = NO_DRAFTS;
  }

  void advance(int count) {
    cachedLength += count;
    drafts = NO_DRAFTS;
  }

  void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length * 2);
    }
    tokens[length++] = token;
  }
}
