package dev.loquat.constraint;

import java.util.Arrays;

/** A growing list of numbers. */
final class IntList {
  private int[] values = new int[4];
  private int size;

  static IntList of(int value) {
    IntList list = new IntList();
    list.add(value);
    return list;
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int get(int index) {
    return values[index];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
