package dev.loquat.memory;

/** Checks of numbers of bytes. */
final class NonNegative {
  private NonNegative() {}

  static void require(String name, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(name + " is " + bytes + "; expected 0 or more");
    }
  }
}
