package dev.loquat.checkpoint;

/** The range checks of this package's records. */
final class Checks {

  private Checks() {}

  static void positive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is " + value + "; expected 1 or more");
    }
  }

  static void positive(double value, String name) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + "; expected more than 0");
    }
  }
}
