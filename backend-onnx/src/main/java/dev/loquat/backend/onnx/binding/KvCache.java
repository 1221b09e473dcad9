package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.device.ByteFormat;
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
   * @param memory where it lies
   * @throws BackendException if there is not enough memory, or a slot can't be one tensor
   * @throws OrtException if the device has not enough memory
   */
  KvCache(List<AttentionConfig> layers, OnnxType type, CacheLayout layout, TensorMemory memory)
      throws OrtException {
    this.layout = layout;
    this.maxSlotsPerRun = maxSlotsPerRun(layers, type, layout.contextLength(), memory);
    this.capacity = capacityFor(0);
    try {
      for (AttentionConfig layer : layers) {
        keys.add(new CacheTensor(layer, type, layout.slots(), capacity, memory));
        values.add(new CacheTensor(layer, type, layout.slots(), capacity, memory));
      }
    } catch (OrtException | RuntimeException | Error e) {
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

  /** The bytes of all slots in a cache of a capacity. */
  long byteLength(int ofCapacity) {
    return tensors().mapToLong(tensor -> tensor.byteLength(ofCapacity)).sum();
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
   * The capacity that a cache grows from to its last one.
   *
   * @param contextLength the positions of a slot, 1 or more
   * @return 0 if it never grows
   */
  public static int capacityBefore(int contextLength) {
    int before = contextLength > INITIAL_CAPACITY ? INITIAL_CAPACITY : 0;
    while (before > 0 && 2L * before < contextLength) {
      before *= 2;
    }
    return before;
  }

  /**
   * Moves one tensor after the other to a block of another capacity, so that in the machine's
   * memory old and new are there together for one of them. No tensor over the old ones may be used
   * after.
   *
   * @param newCapacity at least the longest slot's length
   * @throws BackendException if there is not enough memory; what slots hold stays, and tensors that
   *     were moved before go back, or wait for the others if there is no room for that either
   * @throws OrtException if the device has not enough memory; likewise
   */
  public void resize(int newCapacity) throws OrtException {
    int before = capacity;
    try {
      for (CacheTensor tensor : tensors().toList()) {
        tensor.resize(newCapacity, lengths);
      }
    } catch (OrtException | RuntimeException | Error e) {
      goBack(before, e);
      throw e;
    } finally {
      capacity = tensors().mapToInt(CacheTensor::capacity).min().orElseThrow();
    }
  }

  private void goBack(int before, Throwable cause) {
    for (CacheTensor tensor : tensors().toList()) {
      try {
        tensor.resize(before, lengths);
      } catch (OrtException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** Whether tensors wait for others that could not be moved; no run takes them like that. */
  boolean isUneven() {
    return tensors().anyMatch(tensor -> tensor.capacity() != capacity);
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
   * @throws OrtException if the runtime fails
   */
  public void copySlot(int from, int to, int positions) throws OrtException {
    if (from != to) {
      for (CacheTensor tensor : tensors().toList()) {
        tensor.copySlot(from, to, positions);
      }
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

  private static int maxSlotsPerRun(
      List<AttentionConfig> layers, OnnxType type, int contextLength, TensorMemory memory) {
    long widest =
        layers.stream()
            .mapToLong(layer -> CacheTensor.slotBytes(layer, type, contextLength))
            .max()
            .orElseThrow();
    if (widest > memory.maxTensorBytes()) {
      ByteFormat sizes = ByteFormat.apart(widest, memory.maxTensorBytes());
      throw new BackendException(
          "A layer's keys for "
              + contextLength
              + " tokens take "
              + sizes.of(widest)
              + "; ONNX Runtime's Java API takes tensors up to "
              + sizes.of(memory.maxTensorBytes())
              + ". Use a shorter context.");
    }
    return (int) Math.min(memory.maxTensorBytes() / widest, Integer.MAX_VALUE);
  }
}
