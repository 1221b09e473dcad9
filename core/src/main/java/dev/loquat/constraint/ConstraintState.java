package dev.loquat.constraint;

import dev.loquat.error.ConstraintException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Where one text stands in its constraint.
 *
 * <p>The tokens allowed are those with which the text can still be completed, and the end tokens
 * where it is complete. Special tokens other than those are never allowed. For one thread at a
 * time.
 */
public final class ConstraintState {
  private static final long[] NONE = {};
  private final TokenConstraint constraint;
  private Configuration configuration;
  private boolean ended;
  private int tokens;
  private long @Nullable [] mask;

  ConstraintState(TokenConstraint constraint, Configuration start) {
    this.constraint = constraint;
    this.configuration = start;
  }

  /**
   * The tokens that may come next.
   *
   * @return a set of ids that is the caller's; empty after an end token
   * @throws ConstraintException if the text is incomplete and no token of the vocabulary goes on
   *     with it, because it lacks a byte or character that the constraint needs
   */
  public BitSet allowed() {
    BitSet allowed = ended ? new BitSet() : BitSet.valueOf(mask());
    if (isComplete() && !ended) {
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
    Bits.keepOnly(ended ? NONE : isComplete() ? maskWithEnds() : mask(), logits);
  }

  /**
   * Works out which tokens may come next, so that a call of {@link #apply} takes little time.
   *
   * @throws ConstraintException as {@link #allowed}
   */
  public void prepare() {
    if (!ended) {
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
    if (next == null || ended) {
      throw new IllegalArgumentException(
          "Token "
              + token
              + " is not allowed after "
              + tokens
              + " tokens of the constrained text; take one of those that are");
    }
    configuration = next;
    ended = isEnd;
    tokens++;
    mask = null;
  }

  private @Nullable Configuration end() {
    return isComplete() ? configuration : null;
  }

  private @Nullable Configuration after(int token) {
    byte[] bytes = token < 0 ? new byte[0] : constraint.vocabulary().bytes(token, tokens == 0);
    return bytes.length == 0 ? null : configuration.walk(bytes);
  }

  /**
   * Whether the text satisfies the constraint as it is. More may still be allowed.
   *
   * @return whether an end token may come, or has come
   */
  public boolean isComplete() {
    return configuration.isComplete();
  }

  /**
   * Whether only an end token may come, or has come.
   *
   * @return whether the text is complete and cannot go on
   * @throws ConstraintException as {@link #allowed}
   */
  public boolean isExhausted() {
    return isComplete() && (ended || Bits.isEmpty(mask()));
  }

  private long[] maskWithEnds() {
    long[] both = mask().clone();
    constraint.vocabulary().endTokens().stream()
        .filter(token -> token >> 6 < both.length)
        .forEach(token -> Bits.set(both, token));
    return both;
  }

  private long[] mask() {
    long[] known = mask;
    if (known == null) {
      known = constraint.allowed(configuration, tokens == 0);
      mask = known;
      requireWayOn(known);
    }
    return known;
  }

  private void requireWayOn(long[] allowed) {
    if (!isComplete() && Bits.isEmpty(allowed)) {
      throw new ConstraintException(
          "No token of the vocabulary goes on with the constrained text after "
              + tokens
              + " tokens; the vocabulary lacks bytes that the constraint needs. Use a constraint"
              + " with more common characters, or a model with byte tokens.");
    }
  }
}
