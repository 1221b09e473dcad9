package dev.loquat.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory in which a thread converts rows, one task after another: a model's weights would leave
 * several times their size to the garbage collector otherwise, and the heap would grow to hold it.
 *
 * <p>Confined to one thread.
 */
final class RowRoom {
  private float[] weights = {};
  private ByteBuffer codes = littleEndian(0);
  private ByteBuffer scales = littleEndian(0);
  private ByteBuffer offsets = littleEndian(0);

  /** Room for numbers, which holds what it held before. */
  float[] weights(int count) {
    if (weights.length < count) {
      weights = new float[count];
    }
    return weights;
  }

  /** Room for rows, empty; what was there before is overwritten. */
  QuantizedRows rows(BlockFormat format, int rows, int inputs) {
    int blocks = Math.toIntExact(rows * format.blocks(inputs));
    codes = cleared(codes, Math.multiplyExact(blocks, format.blockBytes()));
    scales = cleared(scales, Math.multiplyExact(blocks, Float.BYTES));
    offsets = cleared(offsets, format.offset() ? Math.multiplyExact(blocks, Float.BYTES) : 0);
    return new QuantizedRows(format, codes, scales, offsets);
  }

  private static ByteBuffer cleared(ByteBuffer room, int bytes) {
    ByteBuffer enough = room.capacity() < bytes ? littleEndian(bytes) : room;
    return enough.clear().limit(bytes);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
