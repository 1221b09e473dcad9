package dev.loquat.constraint;

import dev.loquat.error.ConstraintException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Where one text stands in its constraint.
 *
 * <p>The tokens allowed are those with which the text can still be completed, and the end tokens
 * where it is complete. Special tokens other than those are never allowed. For one thread at a
 * time; copies by {@link #fork} are independent.
 */
public final class ConstraintState {
  private final TokenConstraint constraint;
  private Step step;
  private long @Nullable [] mask;

  ConstraintState(TokenConstraint constraint, Configuration start) {
    this(constraint, new Step(start, false, 0, null));
  }

  private ConstraintState(TokenConstraint constraint, Step step) {
    this.constraint = constraint;
    this.step = step;
  }

  /** After some tokens; steps before it are shared with copies. */
  private record Step(
      Configuration configuration, boolean ended, int tokens, @Nullable Step before) {}

  /**
   * The tokens that may come next.
   *
   * @return a set of ids that is the caller's; empty after an end token
   * @throws ConstraintException if the text is incomplete and no token of the vocabulary goes on
   *     with it, because it lacks a byte or character that the constraint needs
   */
  public BitSet allowed() {
    BitSet allowed = step.ended ? new BitSet() : BitSet.valueOf(mask());
    if (isComplete() && !step.ended) {
      allowed.or(constraint.vocabulary().endTokens());
    }
    return allowed;
  }

  /**
   * Gives every token that may not come next the logit negative infinity.
   *
   * @param logits one number a token; changed in place
   * @throws ConstraintException as {@link #allowed}
   */
  public void apply(float[] logits) {
    Bits.keepOnly(step.ended || isComplete() ? allowed().toLongArray() : mask(), logits);
  }

  /**
   * Works out which tokens may come next, so that a call of {@link #apply} takes little time.
   *
   * @throws ConstraintException as {@link #allowed}
   */
  public void prepare() {
    if (!step.ended) {
      requireWayOn(mask());
    }
  }

  /**
   * Takes the next token.
   *
   * @param token a token that is allowed
   * @throws IllegalArgumentException if it is not; the state stays as it was
   */
  public void accept(int token) {
    boolean isEnd = token >= 0 && constraint.vocabulary().isEnd(token);
    Configuration next = isEnd ? end() : after(token);
    if (next == null || step.ended) {
      throw new IllegalArgumentException(
          "Token "
              + token
              + " is not allowed after "
              + step.tokens
              + " tokens of the constrained text; take one of those that are");
    }
    go(new Step(next, isEnd, step.tokens + 1, step));
  }

  private @Nullable Configuration end() {
    return isComplete() ? step.configuration : null;
  }

  private @Nullable Configuration after(int token) {
    byte[] bytes = token < 0 ? new byte[0] : constraint.vocabulary().bytes(token, step.tokens == 0);
    return bytes.length == 0 ? null : step.configuration.walk(bytes);
  }

  /**
   * Whether the text satisfies the constraint as it is. More may still be allowed.
   *
   * @return whether an end token may come, or has come
   */
  public boolean isComplete() {
    return step.configuration.isComplete();
  }

  /**
   * Whether only an end token may come, or has come.
   *
   * @return whether the text is complete and cannot go on
   * @throws ConstraintException as {@link #allowed}
   */
  public boolean isExhausted() {
    return isComplete() && (step.ended || Bits.isEmpty(mask()));
  }

  /**
   * Copies the state, at the cost of one object.
   *
   * @return a state at the same place
   */
  public ConstraintState fork() {
    return new ConstraintState(constraint, step);
  }

  /**
   * Takes the last tokens back.
   *
   * @param tokens how many, at most as many as were accepted
   */
  public void rollback(int tokens) {
    if (tokens < 0 || tokens > step.tokens) {
      throw new IllegalArgumentException(
          "tokens is " + tokens + "; expected 0 to " + step.tokens + ", the tokens accepted");
    }
    Step target = step;
    for (int i = 0; i < tokens && target.before != null; i++) {
      target = target.before;
    }
    go(target);
  }

  private void go(Step target) {
    step = target;
    mask = null;
  }

  private long[] mask() {
    long[] known = mask;
    if (known == null) {
      known = constraint.allowed(step.configuration, step.tokens == 0);
      mask = known;
      requireWayOn(known);
    }
    return known;
  }

  private void requireWayOn(long[] allowed) {
    if (!isComplete() && Bits.isEmpty(allowed)) {
      throw new ConstraintException(
          "No token of the vocabulary goes on with the constrained text after "
              + step.tokens
              + " tokens; the vocabulary lacks bytes that the constraint needs. Use a constraint"
              + " with more common characters, or a model with byte tokens.");
    }
  }
}
