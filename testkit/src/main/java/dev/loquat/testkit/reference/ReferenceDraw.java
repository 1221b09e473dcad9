package dev.loquat.testkit.reference;

import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What a draw from a row of logits gives: sorted and added up in double precision, naively. */
public final class ReferenceDraw {
  private final float[] logits;
  private final TokenDraw draw;
  private final List<Integer> order;

  private ReferenceDraw(float[] logits, TokenDraw draw) {
    this.logits = logits;
    this.draw = draw;
    this.order =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]).thenComparing(id -> id))
            .toList();
  }

  /**
   * Draws a token.
   *
   * @param logits the row
   * @param draw how
   * @return a token id, or {@link Logits#NO_TOKEN}
   */
  public static int of(float[] logits, TokenDraw draw) {
    for (float logit : logits) {
      if (Float.isNaN(logit)) {
        return Logits.NO_TOKEN;
      }
    }
    return new ReferenceDraw(logits, draw).token();
  }

  /**
   * Draws with a top-p and a random number a little smaller and greater, too, as sums round
   * differently. Weights are no sums: min-p and top-k have no slack.
   *
   * @param logits the row
   * @param draw how
   * @param slack how much smaller and greater: for sums of n numbers n times half the distance from
   *     1 to the next number of the type that is added up in
   * @return the tokens that may come
   */
  public static Set<Integer> possible(float[] logits, TokenDraw draw, double slack) {
    Set<Integer> tokens = new TreeSet<>();
    for (double p : new double[] {draw.topP() - slack, draw.topP(), draw.topP() + slack}) {
      for (double u : new double[] {draw.uniform() - slack, draw.uniform() + slack}) {
        TokenDraw near =
            new TokenDraw(
                draw.row(),
                draw.temperature(),
                draw.topK(),
                Math.min(1, Math.max(Double.MIN_VALUE, p)),
                draw.minP(),
                Math.min(Math.nextDown(1.0), Math.max(0, u)));
        tokens.add(of(logits, near));
      }
    }
    return tokens;
  }

  private int token() {
    if (!Float.isFinite(logits[order.get(0)])) {
      return Logits.NO_TOKEN;
    }
    List<Integer> kept = massive(likeliest());
    List<Integer> left = kept.stream().filter(id -> weight(id) >= draw.minP()).toList();
    double rest = draw.uniform() * mass(left);
    for (int id : left) {
      rest -= weight(id);
      if (rest < 0) {
        return id;
      }
    }
    return left.get(left.size() - 1);
  }

  private List<Integer> likeliest() {
    if (draw.topK() == 0 || draw.topK() >= order.size()) {
      return order;
    }
    float last = logits[order.get(draw.topK() - 1)];
    return order.stream().filter(id -> logits[id] >= last).toList();
  }

  private List<Integer> massive(List<Integer> tokens) {
    double wanted = draw.topP() * mass(tokens);
    double mass = 0;
    int count = 0;
    while (count < tokens.size() && mass < wanted) {
      mass += weight(tokens.get(count++));
    }
    return tokens.subList(0, count);
  }

  private double mass(List<Integer> tokens) {
    return tokens.stream().mapToDouble(this::weight).sum();
  }

  /** 1 for the likeliest. */
  private double weight(int id) {
    return StrictMath.exp(((double) logits[id] - logits[order.get(0)]) / draw.temperature());
  }
}
