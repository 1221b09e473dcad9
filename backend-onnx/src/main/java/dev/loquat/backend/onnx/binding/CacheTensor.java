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
  private int capacity;
  private NativeBlock block;

  CacheTensor(AttentionConfig attention, OnnxType type, int slots, int capacity) {
    this.slots = slots;
    this.kvHeads = attention.kvHeads();
    this.headDim = attention.headDim();
    this.type = type;
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
   * Moves to a block of another capacity.
   *
   * @param lengths how many positions of each slot are kept; at most the new capacity
   */
  void resize(int newCapacity, int[] lengths) {
    NativeBlock target = allocate(newCapacity);
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

  private NativeBlock allocate(int positions) {
    return NativeBlock.allocate(
        offset(slots, 0, positions),
        "a layer's KV cache ("
            + slots
            + " slots of "
            + positions
            + " tokens); use fewer slots or a shorter context");
  }

  private long offset(int slot, int head, int positions) {
    return ((long) slot * kvHeads + head) * positions * positionBytes();
  }

  private long positionBytes() {
    return (long) headDim * type.byteSize();
  }
}
