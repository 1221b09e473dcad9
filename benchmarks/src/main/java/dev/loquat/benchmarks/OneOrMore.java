package dev.loquat.benchmarks;

/** The check of options that count something. */
public final class OneOrMore {

  private OneOrMore() {}

  /**
   * Refuses zero and less.
   *
   * @param option the option's name
   * @param value what it was set to
   * @throws IllegalArgumentException if the value is not positive
   */
  public static void require(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " is " + value + "; expected 1 or more");
    }
  }
}
