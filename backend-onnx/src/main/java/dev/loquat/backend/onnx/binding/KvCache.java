package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.error.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The keys and values of every layer in slots. Runs read and write it in place.
 *
 * <p>It starts with room for few positions and doubles it as sequences grow, up to the layout.
 */
public final class KvCache implements AutoCloseable {
  /** The positions that a new cache has room for. */
  static final int INITIAL_CAPACITY = 256;

  private final CacheLayout layout;
  private final int[] lengths;
  private final int maxSlotsPerRun;
  private final List<CacheTensor> keys = new ArrayList<>();
  private final List<CacheTensor> values = new ArrayList<>();
  private int capacity;

  /**
   * Allocates a cache.
   *
   * @param layers the attention of each layer
   * @param type the type of keys and values
   * @param layout the slots
   * @throws BackendException if there is not enough memory, or a slot can't be one tensor
   */
  public KvCache(List<AttentionConfig> layers, OnnxType type, CacheLayout layout) {
    this(layers, type, layout, NativeBlock::allocate);
  }

  KvCache(
      List<AttentionConfig> layers, OnnxType type, CacheLayout layout, NativeBlock.Source memory) {
    this.layout = layout;
    this.maxSlotsPerRun = maxSlotsPerRun(layers, type, layout.contextLength());
    this.capacity = capacityFor(0);
    try {
      for (AttentionConfig layer : layers) {
        keys.add(new CacheTensor(layer, type, layout.slots(), capacity, memory));
        values.add(new CacheTensor(layer, type, layout.slots(), capacity, memory));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    this.lengths = new int[layout.slots()];
  }

  /**
   * The positions that each slot has room for now.
   *
   * @return 1 to the layout's context length
   */
  public int capacity() {
    return capacity;
  }

  /**
   * How many positions of a slot hold what runs wrote.
   *
   * @param slot the slot
   * @return 0 or more
   */
  public int length(int slot) {
    return lengths[slot];
  }

  /**
   * Tells that a slot holds so many positions now, and that what follows them is free.
   *
   * @param slot the slot
   * @param length the positions
   */
  public void setLength(int slot, int length) {
    lengths[slot] = length;
  }

  /**
   * The bytes of all slots.
   *
   * @return more than 0 while open
   */
  public long byteLength() {
    return tensors().mapToLong(CacheTensor::byteLength).sum();
  }

  /**
   * The capacity that a number of positions needs.
   *
   * @param positions at most the layout's context length
   * @return a doubling of the initial capacity, or the layout's context length
   */
  public int capacityFor(int positions) {
    long needed = INITIAL_CAPACITY;
    while (needed < positions) {
      needed *= 2;
    }
    return (int) Math.min(needed, layout.contextLength());
  }

  /**
   * Moves everything to blocks of another capacity. No tensor over the old ones may be used after.
   *
   * <p>All blocks are allocated before the first moves. Only what is written takes pages of the
   * system, so that old and new are there together for one tensor at a time.
   *
   * @param newCapacity at least the longest slot's length
   * @throws BackendException if there is not enough memory; everything stays as it was
   */
  public void resize(int newCapacity) {
    List<CacheTensor> tensors = tensors().toList();
    List<NativeBlock> blocks = blocks(tensors, newCapacity);
    for (int i = 0; i < blocks.size(); i++) {
      tensors.get(i).moveTo(blocks.get(i), newCapacity, lengths);
    }
    capacity = newCapacity;
  }

  /**
   * The longest slot's length.
   *
   * @return 0 or more
   */
  public int longest() {
    return IntStream.of(lengths).max().orElse(0);
  }

  /**
   * Copies the beginning of a slot to another.
   *
   * @param from the slot to read
   * @param to the slot to overwrite
   * @param positions how many, at most the capacity
   */
  public void copySlot(int from, int to, int positions) {
    if (from != to) {
      tensors().forEach(tensor -> tensor.copySlot(from, to, positions));
      lengths[to] = positions;
    }
  }

  @Override
  public void close() {
    tensors().forEach(CacheTensor::close);
  }

  CacheTensor keys(int layer) {
    return keys.get(layer);
  }

  CacheTensor values(int layer) {
    return values.get(layer);
  }

  int layers() {
    return keys.size();
  }

  /** The most neighbouring slots that one tensor can cover, whatever the capacity becomes. */
  int maxSlotsPerRun() {
    return maxSlotsPerRun;
  }

  private Stream<CacheTensor> tensors() {
    return Stream.concat(keys.stream(), values.stream());
  }

  /** A block for each tensor, or none if one fails. */
  private static List<NativeBlock> blocks(List<CacheTensor> tensors, int capacity) {
    List<NativeBlock> blocks = new ArrayList<>();
    try {
      for (CacheTensor tensor : tensors) {
        blocks.add(tensor.allocate(capacity));
      }
      return blocks;
    } catch (RuntimeException | Error e) {
      blocks.forEach(NativeBlock::close);
      throw e;
    }
  }

  private static int maxSlotsPerRun(
      List<AttentionConfig> layers, OnnxType type, int contextLength) {
    long widest =
        layers.stream()
            .mapToLong(layer -> CacheTensor.slotBytes(layer, type, contextLength))
            .max()
            .orElseThrow();
    if (widest > NativeBlock.MAX_VIEW_BYTES) {
      throw new BackendException(
          "A layer's keys for "
              + contextLength
              + " tokens take "
              + widest
              + " bytes; ONNX Runtime's Java API takes tensors up to "
              + NativeBlock.MAX_VIEW_BYTES
              + ". Use a shorter context.");
    }
    return (int) (NativeBlock.MAX_VIEW_BYTES / widest);
  }
}
