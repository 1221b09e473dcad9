package dev.loquat.backend.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Logits in PyTorch's memory, in blocks of equally many rows (the last may have fewer), on the
 * device until a row is read.
 */
final class TorchLogits implements Logits, AutoCloseable {
  private static final int BLOCK_ELEMENTS = 1 << 27;

  private final DecoderStage stage;
  private final PtNDArray[] blocks;
  private final @Nullable PtNDArray[] onHost;
  private final int rows;
  private final int vocabularySize;
  private boolean closed;

  private TorchLogits(DecoderStage stage, PtNDArray[] blocks, int rows, int vocabularySize) {
    this.stage = stage;
    this.blocks = blocks;
    this.onHost = new @Nullable PtNDArray[blocks.length];
    this.rows = rows;
    this.vocabularySize = vocabularySize;
  }

  /** Takes the blocks out of a result, which stays the caller's. */
  static TorchLogits of(DecoderStage stage, IValue blocks, int rows, int vocabularySize) {
    PtNDArray[] tensors =
        rows == 0 ? new PtNDArray[0] : blocks.toTensorArray(stage.module().arrays());
    return new TorchLogits(stage, tensors, rows, vocabularySize);
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
    requireOpen();
    Objects.checkIndex(row, rows);
    Objects.checkFromIndexSize(0, vocabularySize, destination.length);
    int blockRows = blockRows(vocabularySize);
    FloatBuffer block = onHost(row / blockRows).toByteBuffer(true).asFloatBuffer();
    block.get(row % blockRows * vocabularySize, destination, 0, vocabularySize);
  }

  @Override
  public boolean draws() {
    return stage.draws();
  }

  @Override
  public int[] draw(List<TokenDraw> draws) {
    if (!draws()) {
      return Logits.super.draw(draws);
    }
    requireOpen();
    draws.forEach(draw -> Objects.checkIndex(draw.row(), rows));
    return draws.isEmpty() ? new int[0] : stage.draw(blocks, draws);
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
    Arrays.stream(onHost).filter(Objects::nonNull).forEach(PtNDArray::close);
  }

  private PtNDArray onHost(int block) {
    PtNDArray copy = onHost[block];
    if (copy == null) {
      copy = stage.onHost(blocks[block]);
      onHost[block] = copy;
    }
    return copy;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The logits are gone: read them before the next step");
    }
  }
}
