package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.onnx.graph.GraphValues;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.LayerRange;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The hidden states of one run, {@code [slots, tokens, hidden]} in single precision: what a later
 * stage reads, and what an earlier one gives. Its memory is used again; a whole model has none.
 */
final class RunHidden implements AutoCloseable {
  private final LayerRange range;
  private final int hiddenSize;
  private @Nullable NativeBlock given;
  private @Nullable NativeBlock result;

  /**
   * Without memory yet.
   *
   * @param range the layers, which tell what is read and given
   * @param hiddenSize the width of a token
   */
  RunHidden(LayerRange range, int hiddenSize) {
    this.range = range;
    this.hiddenSize = hiddenSize;
  }

  /** Takes what a run reads from the step's hidden states; idle slots read zeros. */
  void take(Run run, HiddenStates step) {
    if (range.isFirstStage()) {
      return;
    }
    given = atLeast(given, run);
    ByteBuffer target = view(given, run);
    if (run.pieces().size() < run.slots().count()) {
      clear(target);
    }
    for (Piece piece : run.pieces()) {
      part(target, run, piece).put(part(step, piece));
    }
  }

  /** Binds what was taken, and where a stage that is not the last leaves what it gives. */
  void bind(Run run, SlotBinding binding) throws OrtException {
    if (!range.isFirstStage()) {
      binding.input(GraphValues.HIDDEN_IN, tensor(requireBlock(given), run));
    }
    if (!range.isLastStage()) {
      result = atLeast(result, run);
      binding.output(GraphValues.HIDDEN_OUT, tensor(result, run));
    }
  }

  /** Hands what a run left over to the step. */
  void handOver(Run run, HiddenStates step) {
    if (range.isLastStage()) {
      return;
    }
    ByteBuffer source = view(result, run);
    for (Piece piece : run.pieces()) {
      part(step, piece).put(part(source, run, piece));
    }
  }

  @Override
  public void close() {
    close(given);
    close(result);
  }

  private static void close(@Nullable NativeBlock block) {
    if (block != null) {
      block.close();
    }
  }

  private NativeBlock atLeast(@Nullable NativeBlock block, Run run) {
    long bytes = (long) run.slots().count() * run.tokens() * rowBytes();
    if (block != null && block.byteLength() >= bytes) {
      return block;
    }
    NativeBlock larger = NativeBlock.allocate(bytes, "hidden states");
    close(block);
    return larger;
  }

  private ByteBuffer view(@Nullable NativeBlock block, Run run) {
    return requireBlock(block).view(0, (long) run.slots().count() * run.tokens() * rowBytes());
  }

  private static NativeBlock requireBlock(@Nullable NativeBlock block) {
    if (block == null) {
      throw new IllegalStateException("The step has no hidden states; give them");
    }
    return block;
  }

  private ByteBuffer part(ByteBuffer memory, Run run, Piece piece) {
    int slot = piece.row().slot() - run.slots().first();
    return memory.slice(slot * run.tokens() * rowBytes(), piece.tokens() * rowBytes());
  }

  private static ByteBuffer part(HiddenStates step, Piece piece) {
    return step.part(piece.firstOfStep(), piece.tokens()).memory();
  }

  private TensorView tensor(NativeBlock block, Run run) {
    return TensorView.of(block, 0, OnnxType.FLOAT, run.slots().count(), run.tokens(), hiddenSize);
  }

  private static void clear(ByteBuffer memory) {
    while (memory.hasRemaining()) {
      memory.put((byte) 0);
    }
    memory.rewind();
  }

  private int rowBytes() {
    return hiddenSize * Float.BYTES;
  }
}
