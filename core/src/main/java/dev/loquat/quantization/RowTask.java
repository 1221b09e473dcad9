package dev.loquat.quantization;

import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.FloatBuffer;

/**
 * Some rows to be rounded.
 *
 * @param tensor where they come from
 * @param tensorRow the first of them in the tensor
 * @param rows how many there are
 * @param matrix where they go
 * @param matrixRow the first of them in the matrix
 * @param store takes them
 */
record RowTask(
    Tensor tensor,
    long tensorRow,
    int rows,
    QuantizedMatrix matrix,
    long matrixRow,
    BlockStore store) {

  void convert(RowRoom room) throws IOException {
    int inputs = Math.toIntExact(matrix.inputs());
    int count = Math.multiplyExact(rows, inputs);
    float[] weights = room.weights(count);
    tensor.read(tensorRow * inputs, FloatBuffer.wrap(weights, 0, count));
    requireFinite(weights, count);
    write(new RowQuantizer(matrix.format()).quantize(weights, rows, inputs, room));
  }

  private void write(QuantizedRows quantized) throws IOException {
    long blocks = matrixRow * matrix.blocks();
    store.write(matrix.codesPosition() + blocks * matrix.format().blockBytes(), quantized.codes());
    store.write(matrix.scalesPosition() + blocks * Float.BYTES, quantized.scales());
    if (matrix.format().offset()) {
      store.write(matrix.offsetsPosition() + blocks * Float.BYTES, quantized.offsets());
    }
  }

  private void requireFinite(float[] weights, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(weights[i])) {
        throw notFinite(weights[i], tensorRow * matrix.inputs() + i);
      }
    }
  }

  private CheckpointException notFinite(float weight, long element) {
    TensorInfo info = tensor.info();
    return new CheckpointException(
        info.file().getFileName()
            + ": tensor '"
            + info.name()
            + "' holds "
            + weight
            + " at ["
            + element / matrix.inputs()
            + ", "
            + element % matrix.inputs()
            + "], and integers hold finite numbers only. The checkpoint is damaged; fetch it"
            + " again.");
  }
}
