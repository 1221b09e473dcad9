package dev.loquat.testkit.tiny;

import java.util.Arrays;

/** A tensor to be written: a name, a shape and its elements, row-major. */
final class TinyTensor {
  private final String name;
  private final int[] shape;
  private final float[] values;

  TinyTensor(String name, int[] shape, float[] values) {
    this.name = name;
    this.shape = shape;
    this.values = values;
  }

  String name() {
    return name;
  }

  int elements() {
    return values.length;
  }

  float value(int index) {
    return values[index];
  }

  /** The shape as JSON. */
  String shape() {
    return Arrays.toString(shape);
  }
}
