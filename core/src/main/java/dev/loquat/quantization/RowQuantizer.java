package dev.loquat.quantization;

/**
 * Rounds rows of a matrix.
 *
 * <p>Confined to one thread.
 */
final class RowQuantizer {
  private final BlockFormat format;
  private final BlockRounding rounding;
  private final Block block;

  RowQuantizer(BlockFormat format) {
    this.format = format;
    this.rounding = BlockRounding.of(format);
    this.block = new Block(format.blockSize());
  }

  /**
   * Rounds rows.
   *
   * @param weights {@code [rows, inputs]}, finite
   * @param room where they go
   * @return the rows' codes, scales and offsets
   */
  QuantizedRows quantize(float[] weights, int rows, int inputs, RowRoom room) {
    QuantizedRows result = room.rows(format, rows, inputs);
    for (int row = 0; row < rows; row++) {
      for (int start = 0; start < inputs; start += format.blockSize()) {
        int count = Math.min(format.blockSize(), inputs - start);
        rounding.round(weights, row * inputs + start, count, block);
        for (int i = count; i < format.blockSize(); i++) {
          block.codes[i] = format.zeroPoint();
        }
        result.put(block);
      }
    }
    return result.flip();
  }
}
