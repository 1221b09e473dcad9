package dev.loquat.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The numbers that a matrix in blocks stands for, read element by element. */
final class Dequantized {
  private Dequantized() {}

  static float[] of(QuantizedWeights weights, QuantizedMatrix matrix) {
    float[] elements = new float[Math.toIntExact(matrix.rows() * matrix.inputs())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = element(weights, matrix, i / matrix.inputs(), i % matrix.inputs());
    }
    return elements;
  }

  private static float element(
      QuantizedWeights weights, QuantizedMatrix matrix, long row, long input) {
    BlockFormat format = matrix.format();
    long block = row * matrix.blocks() + input / format.blockSize();
    int place = (int) (input % format.blockSize());
    int code = code(weights, matrix, block, place);
    float scale = number(weights, matrix.scalesPosition() + block * Float.BYTES);
    float offset =
        format.offset() ? number(weights, matrix.offsetsPosition() + block * Float.BYTES) : 0;
    return scale * (code - format.zeroPoint()) + offset;
  }

  private static int code(QuantizedWeights weights, QuantizedMatrix matrix, long block, int place) {
    BlockFormat format = matrix.format();
    long first = matrix.codesPosition() + block * format.blockBytes();
    if (format.bits() == 8) {
      return read(weights, first + place, 1).get(0) & 0xff;
    }
    int both = read(weights, first + place / 2, 1).get(0) & 0xff;
    return place % 2 == 0 ? both & 0xf : both >> 4;
  }

  private static float number(QuantizedWeights weights, long position) {
    return read(weights, position, Float.BYTES).getFloat(0);
  }

  private static ByteBuffer read(QuantizedWeights weights, long position, int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    weights.read(position, buffer);
    return buffer;
  }
}
