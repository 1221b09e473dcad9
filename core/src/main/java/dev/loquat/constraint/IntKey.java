package dev.loquat.constraint;

import java.util.Arrays;

/** Some numbers in an order as a key; takes the array, which must not be changed any more. */
final class IntKey {
  private final int[] values;
  private final int hash;

  IntKey(int[] values) {
    this.values = values;
    this.hash = Arrays.hashCode(values);
  }

  int[] values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntKey key && Arrays.equals(values, key.values);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
