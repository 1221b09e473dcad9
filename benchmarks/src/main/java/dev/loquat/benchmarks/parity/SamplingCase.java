package dev.loquat.benchmarks.parity;

import dev.loquat.generation.SamplingOptions;
import dev.loquat.sampling.Sampler;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Options of sampling and the probabilities that they leave of given logits.
 *
 * @param logits one for every token
 * @param context the tokens before
 * @param filters the options, by the file's names
 * @param p the probabilities, rounded to six digits
 */
record SamplingCase(
    List<Double> logits, List<Integer> context, Map<String, Double> filters, List<Double> p)
    implements ReferenceCase.OfLogits {
  // Half a unit of the last digit, and single precision on one side.
  private static final double ROUNDING = 1e-6;

  SamplingCase {
    if (p.size() != logits.size() || context.isEmpty()) {
      throw new IllegalArgumentException(
          logits.size() + " logits, " + p.size() + " p, " + context.size() + " context");
    }
  }

  @Override
  public void compare(Tally tally) {
    SamplingOptions options = SamplingFilters.options(filters);
    double[] actual =
        Sampler.of(options, logits.size(), Set.of())
            .probabilities(floats(), new ReferenceTokens(context));
    for (int token = 0; token < actual.length; token++) {
      double difference = Math.abs(actual[token] - p.get(token));
      tally.difference(difference);
      tally.position(difference <= ROUNDING);
      if (!(difference <= ROUNDING)) {
        tally.mismatch(
            filters
                + ": p of token "
                + token
                + " is "
                + actual[token]
                + "; expected "
                + p.get(token));
      }
    }
  }

  private float[] floats() {
    float[] values = new float[logits.size()];
    for (int token = 0; token < values.length; token++) {
      values[token] = logits.get(token).floatValue();
    }
    return values;
  }
}
