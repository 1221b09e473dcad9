package dev.loquat.sampling;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The likeliest of all continuations that are offered, as many as are asked for. */
final class BestContinuations {
  /** The better first: the likelier, then the earlier beam, then the lower token. */
  private static final Comparator<Continuation> BETTER =
      Comparator.comparingDouble((Continuation one) -> -one.logProbability())
          .thenComparingInt(Continuation::beam)
          .thenComparingInt(Continuation::token);

  private final int limit;
  private final PriorityQueue<Continuation> worstFirst = new PriorityQueue<>(BETTER.reversed());

  /** A token behind a beam, and the log-probability of both together. */
  record Continuation(int beam, int token, double logProbability) {}

  BestContinuations(int limit) {
    this.limit = limit;
  }

  /** Offers all continuations of a beam. */
  void offer(int beam, double logProbability, float[] logProbabilities) {
    for (int token = 0; token < logProbabilities.length; token++) {
      double total = logProbability + logProbabilities[token];
      if (total > worst()) {
        add(new Continuation(beam, token, total));
      }
    }
  }

  /** The best first. */
  List<Continuation> sorted() {
    return worstFirst.stream().sorted(BETTER).toList();
  }

  private double worst() {
    Continuation worst = worstFirst.peek();
    return worst == null || worstFirst.size() < limit
        ? Double.NEGATIVE_INFINITY
        : worst.logProbability();
  }

  private void add(Continuation continuation) {
    worstFirst.add(continuation);
    if (worstFirst.size() > limit) {
      worstFirst.remove();
    }
  }
}
