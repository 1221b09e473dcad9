package dev.loquat.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A beginning that a beam search follows: its last token and the beginning before that.
 *
 * @param before the beginning without the last token; null for none
 * @param token the last token
 * @param length the number of tokens
 * @param logProbability the sum over its tokens
 */
record Beam(@Nullable Beam before, int token, int length, double logProbability) {
  /** No token yet. */
  static final Beam EMPTY = new Beam(null, -1, 0, 0);

  Beam extend(int next, double total) {
    return new Beam(this, next, length + 1, total);
  }

  double score(double lengthPenalty) {
    return logProbability / Math.pow(length, lengthPenalty);
  }

  List<Integer> tokens() {
    List<Integer> tokens = new ArrayList<>(length);
    for (Beam beam = this; beam.before != null; beam = beam.before) {
      tokens.add(beam.token);
    }
    Collections.reverse(tokens);
    return tokens;
  }
}
