package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.graph.GraphValues;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.LayerRange;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** The small inputs of a run: token ids, positions and picks. Their memory is used again. */
final class RunInputs implements AutoCloseable {
  private final LayerRange range;
  private final NativeBlock idsBlock;
  private final NativeBlock positionsBlock;
  private final NativeBlock picksBlock;
  private final IntBuffer ids;
  private final IntBuffer lastPositions;
  private final IntBuffer longest;
  private final LongBuffer picks;

  /**
   * Allocates the inputs.
   *
   * @param range the layers, which tell what is bound
   * @param slots the most slots of a run
   */
  RunInputs(LayerRange range, int slots) {
    this.range = range;
    int widest = Math.max(slots, RunPlanner.MAX_TOKENS);
    idsBlock = NativeBlock.allocate((long) widest * Integer.BYTES, "token ids");
    positionsBlock = NativeBlock.allocate((slots + 1L) * Integer.BYTES, "positions");
    picksBlock = NativeBlock.allocate(2L * widest * Long.BYTES, "picks");
    ids = idsBlock.view().asIntBuffer();
    IntBuffer positions = positionsBlock.view().asIntBuffer();
    longest = positions.slice(0, 1);
    lastPositions = positions.slice(1, slots);
    picks = picksBlock.view().asLongBuffer();
  }

  /** Writes a run's numbers. */
  void fill(Run run, KvCache cache) {
    fillIdle(run, cache);
    int pick = 0;
    for (Piece piece : run.pieces()) {
      int slot = piece.row().slot() - run.slots().first();
      lastPositions.put(slot, piece.lastPosition());
      for (int token = piece.from(); token < piece.end(); token++) {
        ids.put(slot * run.tokens() + token - piece.from(), piece.row().token(token));
      }
      for (int token = piece.firstPick(); token < piece.end(); token++) {
        picks.put(pick++, slot);
        picks.put(pick++, token - piece.from());
      }
    }
    longest.put(0, longest(run.slots().count()));
  }

  /** Binds what {@link #fill} wrote. */
  void bind(Run run, SlotBinding binding) throws OrtException {
    int count = run.slots().count();
    if (range.isFirstStage()) {
      binding.input(
          GraphValues.IDS, TensorView.of(idsBlock, 0, OnnxType.INT32, count, run.tokens()));
    }
    binding.input(
        GraphValues.LAST_POSITIONS,
        TensorView.of(positionsBlock, Integer.BYTES, OnnxType.INT32, count));
    binding.input(GraphValues.LONGEST, TensorView.of(positionsBlock, 0, OnnxType.INT32, 1));
    if (range.isLastStage()) {
      binding.input(
          GraphValues.PICKS, TensorView.of(picksBlock, 0, OnnxType.INT64, run.picks(), 2));
    }
  }

  @Override
  public void close() {
    idsBlock.close();
    positionsBlock.close();
    picksBlock.close();
  }

  /** An idle slot computes some token behind its last position, where nothing counts. */
  private void fillIdle(Run run, KvCache cache) {
    if (run.pieces().size() == run.slots().count()) {
      return;
    }
    for (int i = 0; i < run.slots().count(); i++) {
      ids.put(i, 0);
      lastPositions.put(i, cache.length(run.slots().first() + i));
    }
  }

  private int longest(int count) {
    int last = 0;
    for (int i = 0; i < count; i++) {
      last = Math.max(last, lastPositions.get(i));
    }
    return last + 1;
  }
}
