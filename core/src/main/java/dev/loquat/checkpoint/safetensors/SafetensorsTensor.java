package dev.loquat.checkpoint.safetensors;

import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A tensor in a mapped file.
 *
 * @param info where it lies
 * @param file the mapping
 */
record SafetensorsTensor(TensorInfo info, MappedFile file) implements Tensor {
  /**
   * Widened in pieces of this size: they stay in the processor's cache and leave little garbage.
   */
  private static final int CHUNK_BYTES = 16 * 1024;

  @Override
  public void read(long elementOffset, FloatBuffer destination) {
    int size = info.type().byteSize();
    if (!info.type().isFloatingPoint()) {
      throw new IllegalStateException(
          info.name() + " holds " + info.type() + "; expected floating-point numbers");
    }
    requireWithin(elementOffset, destination.remaining(), info.elements());
    int most = Math.min(CHUNK_BYTES / size, destination.remaining());
    ByteBuffer chunk = ByteBuffer.allocate(most * size).order(ByteOrder.LITTLE_ENDIAN);
    long offset = info.fileOffset() + elementOffset * size;
    while (destination.hasRemaining()) {
      int count = Math.min(most, destination.remaining());
      file.read(offset, chunk.clear().limit(count * size));
      widen(chunk.flip(), destination, count);
      offset += (long) count * size;
    }
  }

  @Override
  public void readBytes(long byteOffset, ByteBuffer destination) {
    requireWithin(byteOffset, destination.remaining(), info.byteLength());
    file.read(info.fileOffset() + byteOffset, destination);
  }

  private void requireWithin(long offset, int count, long length) {
    if (offset < 0 || offset > length - count) {
      throw new IndexOutOfBoundsException(
          info.name() + ": " + count + " from " + offset + " pass the end at " + length);
    }
  }

  private void widen(ByteBuffer bytes, FloatBuffer numbers, int count) {
    switch (info.type()) {
      case F32 -> numbers.put(bytes.asFloatBuffer());
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          numbers.put(Float.intBitsToFloat(bytes.getShort(2 * i) << 16));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          numbers.put(HalfPrecision.toFloat(bytes.getShort(2 * i)));
        }
      }
      case F64 -> {
        for (int i = 0; i < count; i++) {
          numbers.put((float) bytes.getDouble(8 * i));
        }
      }
      default -> throw new IllegalStateException(info.type() + " can't be widened");
    }
  }
}
