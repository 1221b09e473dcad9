package dev.loquat.quantization;

/** How the weights of a block become codes, scale and offset. */
interface BlockRounding {

  /**
   * Rounds a block.
   *
   * @param weights finite numbers
   * @param start the block's first weight
   * @param count the weights there are, from 1 to the format's block size
   * @param block takes the result; codes from {@code count} on are left as they are
   */
  void round(float[] weights, int start, int count, Block block);

  static BlockRounding of(BlockFormat format) {
    if (format.offset()) {
      return new OffsetRounding(format);
    }
    return format.bits() == Byte.SIZE ? new ScaleSearch(format) : new SymmetricRounding(format);
  }
}
