package dev.loquat.constraint;

import java.util.function.BooleanSupplier;

/**
 * A constraint over the tokens of one vocabulary. Keeps the masks that it has computed, so that
 * texts under the same constraint share them.
 *
 * <p>Safe for use by several threads.
 */
public final class TokenConstraint {
  private final Grammar grammar;
  private final ConstraintVocabulary vocabulary;
  private final TokenMasks masks;
  private final TokenMasks firstMasks;

  TokenConstraint(Grammar grammar, ConstraintVocabulary vocabulary) {
    this.grammar = grammar;
    this.vocabulary = vocabulary;
    Callers callers = new Callers(grammar);
    this.masks = new TokenMasks(grammar, callers, vocabulary.tokens());
    this.firstMasks =
        vocabulary.firstTokens() == vocabulary.tokens()
            ? masks
            : new TokenMasks(grammar, callers, vocabulary.firstTokens());
  }

  /**
   * Begins a text.
   *
   * @return the state before its first token
   */
  public ConstraintState start() {
    return new ConstraintState(this, Configuration.start(grammar));
  }

  /**
   * Works out ahead which tokens go on with texts, so that no step of theirs has to: as much as is
   * kept, beginning with what texts come to first. Takes milliseconds for a schema of some
   * properties, and a second or so for one that needs thousands of states. What was worked out is
   * kept where it stops; a later call goes on from there.
   *
   * @param goesOn asked before each state; it stops where this says no
   * @return whether it came to its end
   */
  public boolean computeAhead(BooleanSupplier goesOn) {
    return masks.computeAhead(goesOn);
  }

  /**
   * About how much memory it takes, with the masks that it keeps now.
   *
   * @return bytes
   */
  public long byteLength() {
    long first = firstMasks == masks ? 0 : firstMasks.byteLength();
    return grammar.byteLength() + masks.byteLength() + first;
  }

  long keptMasks() {
    return masks.kept();
  }

  ConstraintVocabulary vocabulary() {
    return vocabulary;
  }

  long[] allowed(Configuration configuration, boolean atStart) {
    return (atStart ? firstMasks : masks).allowed(configuration);
  }
}
