package dev.loquat.quantization;

import java.nio.ByteBuffer;

/**
 * Rows in blocks, as {@link BlockFormat} lays them out.
 *
 * @param format the layout
 * @param codes {@code [rows, blocks, blockBytes]}
 * @param scales {@code [rows, blocks]} of FP32, little-endian
 * @param offsets likewise; empty where the format has none
 */
record QuantizedRows(BlockFormat format, ByteBuffer codes, ByteBuffer scales, ByteBuffer offsets) {

  /** Adds the next block. */
  void put(Block block) {
    scales.putFloat(block.scale);
    if (format.offset()) {
      offsets.putFloat(block.offset);
    }
    if (format.bits() == Byte.SIZE) {
      putBytes(block.codes);
    } else {
      putHalves(block.codes);
    }
  }

  /** Makes what was put readable. */
  QuantizedRows flip() {
    codes.flip();
    scales.flip();
    offsets.flip();
    return this;
  }

  private void putBytes(int[] values) {
    for (int value : values) {
      codes.put((byte) value);
    }
  }

  private void putHalves(int[] values) {
    for (int i = 0; i < values.length; i += 2) {
      codes.put((byte) (values[i] | values[i + 1] << 4));
    }
  }
}
