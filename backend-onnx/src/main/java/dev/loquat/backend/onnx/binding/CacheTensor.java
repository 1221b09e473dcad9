package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.AttentionConfig;

/** The keys or the values of one layer, {@code [slots, kvHeads, capacity, headDim]}. */
final class CacheTensor implements AutoCloseable {
  private final int slots;
  private final int kvHeads;
  private final int headDim;
  private final OnnxType type;
  private final TensorMemory memory;
  private int capacity;
  private Block block;

  CacheTensor(
      AttentionConfig attention, OnnxType type, int slots, int capacity, TensorMemory memory)
      throws OrtException {
    this.slots = slots;
    this.kvHeads = attention.kvHeads();
    this.headDim = attention.headDim();
    this.type = type;
    this.memory = memory;
    this.capacity = capacity;
    this.block = allocate(capacity);
  }

  long byteLength() {
    return block.byteLength();
  }

  /** The bytes of all slots with room for a number of positions. */
  long byteLength(int positions) {
    return slots * slotBytes(positions);
  }

  /** The positions that each slot has room for. */
  int capacity() {
    return capacity;
  }

  /** The bytes of one slot in a cache of a capacity. */
  static long slotBytes(AttentionConfig attention, OnnxType type, int capacity) {
    return (long) attention.kvHeads() * attention.headDim() * type.byteSize() * capacity;
  }

  TensorView view(SlotRange range) {
    return TensorView.of(
        block,
        range.first() * slotBytes(capacity),
        type,
        range.count(),
        kvHeads,
        capacity,
        headDim);
  }

  /**
   * Moves to a block of another capacity.
   *
   * @param lengths how many positions of each slot are kept; at most the new capacity
   * @throws OrtException if the device has not enough memory; the tensor stays as it was
   */
  void resize(int newCapacity, int[] lengths) throws OrtException {
    if (newCapacity == capacity) {
      return;
    }
    Block target = allocate(newCapacity);
    try {
      for (int slot = 0; slot < slots; slot++) {
        if (lengths[slot] > 0) {
          memory.copy(
              region(block, slot, capacity), region(target, slot, newCapacity), lengths[slot]);
        }
      }
    } catch (OrtException | RuntimeException | Error e) {
      target.close();
      throw e;
    }
    block.close();
    block = target;
    capacity = newCapacity;
  }

  void copySlot(int from, int to, int positions) throws OrtException {
    memory.copy(region(block, from, capacity), region(block, to, capacity), positions);
  }

  @Override
  public void close() {
    block.close();
  }

  private Block allocate(int positions) throws OrtException {
    return memory.allocate(
        byteLength(positions),
        "a layer's KV cache (a batch of "
            + slots
            + " with "
            + positions
            + " tokens each); use a smaller batch or a shorter context");
  }

  private SlotRegion region(Block of, int slot, int positions) {
    return new SlotRegion(
        of, slot * slotBytes(positions), kvHeads, positions, (long) headDim * type.byteSize());
  }

  private long slotBytes(int positions) {
    return (long) kvHeads * headDim * type.byteSize() * positions;
  }
}
