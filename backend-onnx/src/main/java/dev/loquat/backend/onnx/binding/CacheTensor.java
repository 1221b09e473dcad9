package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.AttentionConfig;
import java.nio.ByteBuffer;

/** The keys or the values of one layer, {@code [slots, kvHeads, capacity, headDim]}. */
final class CacheTensor implements AutoCloseable {
  private final int slots;
  private final int kvHeads;
  private final int headDim;
  private final OnnxType type;
  private final NativeBlock.Source memory;
  private int capacity;
  private NativeBlock block;

  CacheTensor(
      AttentionConfig attention,
      OnnxType type,
      int slots,
      int capacity,
      NativeBlock.Source memory) {
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

  /** The bytes of one slot in a cache of a capacity. */
  static long slotBytes(AttentionConfig attention, OnnxType type, int capacity) {
    return (long) attention.kvHeads() * attention.headDim() * type.byteSize() * capacity;
  }

  long[] shape(SlotRange range) {
    return new long[] {range.count(), kvHeads, capacity, headDim};
  }

  ByteBuffer view(SlotRange range) {
    return block.view(offset(range.first(), 0, capacity), offset(range.count(), 0, capacity));
  }

  /**
   * Moves to a block of another capacity, which it owns from then on.
   *
   * @param target from {@link #allocate} of the new capacity
   * @param lengths how many positions of each slot are kept; at most the new capacity
   */
  void moveTo(NativeBlock target, int newCapacity, int[] lengths) {
    for (int slot = 0; slot < slots; slot++) {
      for (int head = 0; head < kvHeads; head++) {
        long bytes = lengths[slot] * positionBytes();
        if (bytes > 0) {
          target
              .view(offset(slot, head, newCapacity), bytes)
              .put(block.view(offset(slot, head, capacity), bytes));
        }
      }
    }
    block.close();
    block = target;
    capacity = newCapacity;
  }

  void copySlot(int from, int to, int positions) {
    long bytes = positions * positionBytes();
    for (int head = 0; head < kvHeads; head++) {
      block
          .view(offset(to, head, capacity), bytes)
          .put(block.view(offset(from, head, capacity), bytes));
    }
  }

  @Override
  public void close() {
    block.close();
  }

  /** A block for another capacity; the caller owns it. */
  NativeBlock allocate(int positions) {
    return memory.allocate(
        offset(slots, 0, positions),
        "a layer's KV cache (a batch of "
            + slots
            + " with "
            + positions
            + " tokens each); use a smaller batch or a shorter context");
  }

  private long offset(int slot, int head, int positions) {
    return ((long) slot * kvHeads + head) * positions * positionBytes();
  }

  private long positionBytes() {
    return (long) headDim * type.byteSize();
  }
}
