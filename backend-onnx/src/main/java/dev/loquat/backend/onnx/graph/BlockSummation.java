package dev.loquat.backend.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The matrix of zeros and ones that a row is multiplied by to sum its blocks. */
final class BlockSummation {
  private BlockSummation() {}

  /** {@code [inputs, blocks]}: each input counts for its own block. */
  static ConstantTensor of(long inputs, int blockSize) {
    int blocks = Math.toIntExact((inputs + blockSize - 1) / blockSize);
    ByteBuffer ones =
        ByteBuffer.allocate(Math.toIntExact(inputs * blocks * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int input = 0; input < inputs; input++) {
      ones.putFloat((input * blocks + input / blockSize) * Float.BYTES, 1);
    }
    List<Long> shape = List.of(inputs, (long) blocks);
    return new ConstantTensor("block_summation." + inputs, OnnxType.FLOAT, shape, ones);
  }
}
