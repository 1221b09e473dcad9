package dev.loquat.benchmarks;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of some figures; of an even number, the upper of the two. */
public final class Median {
  private static final double NONE = -1;

  private Median() {}

  /**
   * The median of numbers.
   *
   * @param values the numbers, in any order
   * @return one of them; -1 if there are none
   */
  public static double of(Collection<Double> values) {
    return of(values, Double::doubleValue);
  }

  /**
   * The median of a figure that each of some things has.
   *
   * @param things the things
   * @param figure their figure
   * @param <T> what they are
   * @return one of the figures; -1 if there are none
   */
  public static <T> double of(Collection<T> things, ToDoubleFunction<? super T> figure) {
    double[] sorted = things.stream().mapToDouble(figure).sorted().toArray();
    return sorted.length == 0 ? NONE : sorted[sorted.length / 2];
  }
}
