package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.Logits;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory that runs write logits to, one run's rows after the other's. It grows to the most rows
 * of a step and is kept for the next.
 */
public final class LogitsBuffer implements AutoCloseable {
  private final int vocabularySize;
  private @Nullable NativeBlock block;
  private @Nullable StepLogits current;

  /**
   * Creates an empty buffer.
   *
   * @param vocabularySize the width of a row
   */
  public LogitsBuffer(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  /**
   * Makes room for a step. The logits of the step before become invalid.
   *
   * @param runs the step's runs, in the order they write
   * @param rows the rows of logits they give together
   * @return the step's logits, to be read after the runs
   */
  public Logits prepare(List<Run> runs, int rows) {
    reserve(Math.max(rows, 1) * rowBytes());
    int[] places = new int[rows];
    int place = 0;
    for (Run run : runs) {
      for (Piece piece : run.pieces()) {
        for (int token = piece.firstPick(); token < piece.end(); token++) {
          places[piece.logitsOf(token)] = place++;
        }
      }
    }
    StepLogits logits = new StepLogits(this, places, vocabularySize);
    current = logits;
    return logits;
  }

  /**
   * The bytes held.
   *
   * @return 0 before the first step
   */
  public long byteLength() {
    return block == null ? 0 : block.byteLength();
  }

  /** The part that a run writes, {@code [rows, vocabulary]}; there may be no rows. */
  TensorView view(int firstRow, int rows) {
    return TensorView.of(
        requireBlock(), firstRow * rowBytes(), OnnxType.FLOAT, rows, vocabularySize);
  }

  void read(StepLogits logits, int place, float[] destination) {
    if (logits != current) {
      throw new IllegalStateException(
          "These logits belong to an earlier step or a closed session; read them before");
    }
    requireBlock().read(place * rowBytes(), destination, vocabularySize);
  }

  /** Gives the memory back. The buffer stays usable. */
  public void release() {
    current = null;
    if (block != null) {
      block.close();
      block = null;
    }
  }

  @Override
  public void close() {
    release();
  }

  private void reserve(long bytes) {
    if (bytes > byteLength()) {
      release();
      block = NativeBlock.allocate(bytes, "logits; ask for those of fewer positions at once");
    }
  }

  private NativeBlock requireBlock() {
    if (block == null) {
      throw new IllegalStateException("There are no logits; run a step first");
    }
    return block;
  }

  private long rowBytes() {
    return (long) vocabularySize * Float.BYTES;
  }
}
