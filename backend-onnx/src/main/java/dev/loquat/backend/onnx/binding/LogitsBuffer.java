package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.TokenDraw;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The memory that runs write logits to, one run's rows after the other's: a device's, where it
 * draws tokens. It grows to the most rows of a step and is kept for the next.
 */
public final class LogitsBuffer implements AutoCloseable {
  private final int vocabularySize;
  private final TensorMemory memory;
  private final Optional<TokenDrawer> drawer;
  private @Nullable Block block;
  private @Nullable StepLogits current;

  /**
   * Creates an empty buffer.
   *
   * @param vocabularySize the width of a row
   * @param path where runs leave logits; stays open until this is closed
   */
  public LogitsBuffer(int vocabularySize, RunPath path) {
    this.vocabularySize = vocabularySize;
    this.memory = path.memory();
    this.drawer = path.drawer();
  }

  /**
   * Makes room for a step. The logits of the step before become invalid.
   *
   * @param runs the step's runs, in the order they write
   * @param rows the rows of logits they give together
   * @return the step's logits, to be read after the runs
   * @throws OrtException if the device has not enough memory
   */
  public StepLogits prepare(List<Run> runs, int rows) throws OrtException {
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

  void read(StepLogits logits, int place, float[] destination) throws OrtException {
    requireCurrent(logits);
    memory.read(requireBlock(), place * rowBytes(), destination, vocabularySize);
  }

  boolean draws() {
    return drawer.isPresent();
  }

  int[] draw(StepLogits logits, List<TokenDraw> draws, int[] places) throws OrtException {
    requireCurrent(logits);
    return drawer.orElseThrow().draw(view(0, places.length), draws, places);
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

  private void reserve(long bytes) throws OrtException {
    if (bytes > byteLength()) {
      release();
      block = memory.allocate(bytes, "logits; ask for those of fewer positions at once");
    }
  }

  private void requireCurrent(StepLogits logits) {
    if (logits != current) {
      throw new IllegalStateException(
          "These logits belong to an earlier step or a closed session; read them before");
    }
  }

  private Block requireBlock() {
    if (block == null) {
      throw new IllegalStateException("There are no logits; run a step first");
    }
    return block;
  }

  private long rowBytes() {
    return (long) vocabularySize * Float.BYTES;
  }
}
