package dev.loquat.quantization;

/** One block in the making. Reused for the next. */
final class Block {
  final int[] codes;
  float scale;
  float offset;

  Block(int size) {
    codes = new int[size];
  }
}
