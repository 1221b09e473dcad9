package dev.loquat.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rows in blocks, as {@link BlockFormat} lays them out.
 *
 * @param format the layout
 * @param codes {@code [rows, blocks, blockBytes]}
 * @param scales {@code [rows, blocks]} of FP32, little-endian
 * @param offsets likewise; empty where the format has none
 */
record QuantizedRows(BlockFormat format, ByteBuffer codes, ByteBuffer scales, ByteBuffer offsets) {

  /** Room for rows, empty. */
  static QuantizedRows allocate(BlockFormat format, int rows, int inputs) {
    int blocks = Math.toIntExact(rows * format.blocks(inputs));
    return new QuantizedRows(
        format,
        littleEndian(Math.multiplyExact(blocks, format.blockBytes())),
        littleEndian(Math.multiplyExact(blocks, Float.BYTES)),
        littleEndian(format.offset() ? Math.multiplyExact(blocks, Float.BYTES) : 0));
  }

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

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
