package dev.loquat.testkit.reference;

import dev.loquat.backend.TokenDraw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Draws of every token of a row in turn, each in the middle of what would give it: no rounding of
 * weights and sums gives another, and a rule that is off by a little does.
 */
public final class CertainDraws {
  /** How far two weights differ at least, relative to the likeliest, for a rule to part them. */
  private static final double LEAST_GAP = 1e-4;

  private final int row;
  private final double temperature;
  private final int[] order;
  private final double[] weights;
  private final double[] reached;

  private CertainDraws(float[] logits, int row, double temperature) {
    this.row = row;
    this.temperature = temperature;
    order =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]).thenComparing(id -> id))
            .mapToInt(Integer::intValue)
            .toArray();
    weights =
        IntStream.of(order)
            .mapToDouble(
                id -> StrictMath.exp(((double) logits[id] - logits[order[0]]) / temperature))
            .toArray();
    reached = weights.clone();
    for (int rank = 1; rank < reached.length; rank++) {
      reached[rank] += reached[rank - 1];
    }
  }

  /**
   * A draw and what it must give.
   *
   * @param draw the draw
   * @param token the token's id
   */
  public record CertainDraw(TokenDraw draw, int token) {}

  /**
   * Draws from a row.
   *
   * @param logits finite numbers
   * @param row which row they are
   * @param temperature the draws' temperature
   * @return the draws
   */
  public static CertainDraws of(float[] logits, int row, double temperature) {
    return new CertainDraws(logits, row, temperature);
  }

  /**
   * The random number falls into the middle of a token's share; nothing is left out.
   *
   * @return a draw for each token that differs from the next
   */
  public List<CertainDraw> byShare() {
    return draws(rank -> draw(0, 1, 0, inShare(rank, reached.length - 1)));
  }

  /**
   * The last token is drawn that top-k keeps.
   *
   * @return a draw for each token that differs from the next
   */
  public List<CertainDraw> byTopK() {
    return draws(rank -> draw(rank + 1, 1, 0, inShare(rank, rank)));
  }

  /**
   * The last token is drawn that top-p keeps: half of its share is missing to the mass before it.
   *
   * @return a draw for each token that differs from the next
   */
  public List<CertainDraw> byTopP() {
    return draws(rank -> draw(0, inShare(rank, reached.length - 1), 0, inShare(rank, rank)));
  }

  /**
   * The last token is drawn that min-p keeps, which lies between it and the next.
   *
   * @return a draw for each token that differs from the next
   */
  public List<CertainDraw> byMinP() {
    return draws(rank -> draw(0, 1, (weights[rank] + weights[rank + 1]) / 2, inShare(rank, rank)));
  }

  private List<CertainDraw> draws(IntFunction<TokenDraw> draw) {
    List<CertainDraw> draws = new ArrayList<>();
    for (int rank = 0; rank < order.length - 1; rank++) {
      if (weights[rank] - weights[rank + 1] >= LEAST_GAP) {
        draws.add(new CertainDraw(draw.apply(rank), order[rank]));
      }
    }
    return draws;
  }

  /** The middle of a token's share of what is kept up to a last one. */
  private double inShare(int rank, int last) {
    return (reached[rank] - weights[rank] / 2) / reached[last];
  }

  private TokenDraw draw(int topK, double topP, double minP, double uniform) {
    return new TokenDraw(row, temperature, topK, topP, minP, uniform);
  }
}
