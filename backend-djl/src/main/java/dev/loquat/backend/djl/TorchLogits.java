package dev.loquat.backend.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.loquat.backend.Logits;
import java.nio.FloatBuffer;
import java.util.Objects;

/** Logits in PyTorch's memory, in blocks of equally many rows (the last may have fewer). */
final class TorchLogits implements Logits, AutoCloseable {
  private static final int BLOCK_ELEMENTS = 1 << 27;

  private final PtNDArray[] blocks;
  private final int rows;
  private final int vocabularySize;
  private boolean closed;

  private TorchLogits(PtNDArray[] blocks, int rows, int vocabularySize) {
    this.blocks = blocks;
    this.rows = rows;
    this.vocabularySize = vocabularySize;
  }

  static TorchLogits of(IValue blocks, PtNDManager arrays, int rows, int vocabularySize) {
    PtNDArray[] tensors = rows == 0 ? new PtNDArray[0] : blocks.toTensorArray(arrays);
    return new TorchLogits(tensors, rows, vocabularySize);
  }

  /** The rows of a block: Java sees no more than 2 GiB of memory at once. */
  static int blockRows(int vocabularySize) {
    return Math.max(1, BLOCK_ELEMENTS / vocabularySize);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public void read(int row, float[] destination) {
    if (closed) {
      throw new IllegalStateException("The logits are gone: read them before the next step");
    }
    Objects.checkIndex(row, rows);
    Objects.checkFromIndexSize(0, vocabularySize, destination.length);
    int blockRows = blockRows(vocabularySize);
    FloatBuffer block = blocks[row / blockRows].toByteBuffer(true).asFloatBuffer();
    block.get(row % blockRows * vocabularySize, destination, 0, vocabularySize);
  }

  long byteLength() {
    return (long) rows * vocabularySize * Float.BYTES;
  }

  @Override
  public void close() {
    closed = true;
    for (PtNDArray block : blocks) {
      block.close();
    }
  }
}
