package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Refuses regular expressions that can backtrack without end. The library's engine gives up on one
 * match after ten million steps, and ends the process.
 *
 * <p>What is left takes time in proportion to the text: in each alternative few repetitions, at
 * most two of them without bound, nothing that can fail after the second, and no repetition around
 * a choice or another repetition.
 */
final class PatternChecks {

  private static final int MAX_CHOICES = 6;
  private static final int MAX_UNBOUNDED = 2;
  private static final int MAX_DEPTH = 16;

  /** A repetition up to this many times counts as a choice; more counts as unbounded. */
  private static final int FEW = 16;

  private final PatternReader pattern;

  private PatternChecks(String pattern) {
    this.pattern = new PatternReader(pattern);
  }

  static void check(TokenizerFile file) {
    for (String part : TokenizerChecks.PARTS) {
      for (JsonNode pattern : file.root().path(part).findValues("Regex")) {
        if (!isSafe(pattern.asText(""))) {
          throw file.unsupported("a pattern that may take endless time, " + pattern);
        }
      }
    }
  }

  static boolean isSafe(String pattern) {
    PatternChecks checks = new PatternChecks(pattern);
    return checks.alternatives(0, 0) != null && checks.pattern.isAtEnd();
  }

  /** What a piece can do: how many choices, how many of them unbounded. */
  private record Freedom(int choices, int unbounded) {}

  /** Alternatives up to a closing parenthesis; null if one is unsafe. */
  private @Nullable Freedom alternatives(int unboundedBefore, int depth) {
    Freedom most = new Freedom(0, unboundedBefore);
    boolean isChoice = false;
    while (true) {
      Freedom one = sequence(unboundedBefore, depth);
      if (one == null) {
        return null;
      }
      most =
          new Freedom(Math.max(most.choices, one.choices), Math.max(most.unbounded, one.unbounded));
      if (!pattern.skip('|')) {
        return new Freedom(most.choices + (isChoice ? 1 : 0), most.unbounded);
      }
      isChoice = true;
    }
  }

  private @Nullable Freedom sequence(int unboundedBefore, int depth) {
    int choices = 0;
    int unbounded = unboundedBefore;
    while (!pattern.isAtEndOfSequence()) {
      boolean mustNotFail = unbounded >= MAX_UNBOUNDED;
      boolean isGroup = pattern.skip('(');
      Freedom inner = isGroup ? group(mustNotFail ? 0 : unbounded, depth) : atom();
      if (inner == null) {
        return null;
      }
      PatternReader.Repetition repetition = pattern.repetition();
      boolean optional = repetition.least() == 0 && repetition.most() == 1;
      boolean repeats = repetition.most() > 1;
      if ((mustNotFail && !optional) || (repeats && isGroup && inner.choices > 0)) {
        return null;
      }
      choices += inner.choices + (repetition.least() == repetition.most() ? 0 : 1);
      unbounded = Math.max(unbounded, inner.unbounded) + (repetition.most() > FEW ? 1 : 0);
      if (choices > MAX_CHOICES || unbounded > MAX_UNBOUNDED) {
        return null;
      }
    }
    return new Freedom(choices, unbounded);
  }

  private @Nullable Freedom group(int unboundedBefore, int depth) {
    if (depth == MAX_DEPTH || !pattern.skipGroupOptions()) {
      return null;
    }
    Freedom inner = alternatives(unboundedBefore, depth + 1);
    return pattern.skip(')') ? inner : null;
  }

  private @Nullable Freedom atom() {
    return pattern.skipAtom() ? new Freedom(0, 0) : null;
  }
}
