package dev.loquat.quantization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of a model in blocks, in a file of the cache or in memory.
 *
 * <p>Safe for use by several threads. Whoever converts closes.
 */
public final class QuantizedWeights implements AutoCloseable {
  private final Map<String, QuantizedMatrix> matrices;
  private final BlockStore store;
  private final ConversionReport report;

  QuantizedWeights(List<QuantizedMatrix> layout, BlockStore store, ConversionReport report) {
    matrices = new LinkedHashMap<>();
    layout.forEach(matrix -> matrices.put(matrix.name(), matrix));
    this.store = store;
    this.report = report;
  }

  /**
   * Converts weights, or takes them from the cache. A cache that can't be read or written is no
   * failure; {@link #report} tells of it.
   *
   * @param stacks the weights; their names differ
   * @param cache where they are kept
   * @param threads how many threads convert, 1 or more
   * @return the converted weights; the caller closes them
   * @throws dev.loquat.error.CheckpointException if a weight is no finite number
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static QuantizedWeights of(List<WeightStack> stacks, ConversionCache cache, int threads) {
    return new WeightConverter(stacks, threads).convert(cache);
  }

  /**
   * Where a stack's matrix lies.
   *
   * @param stack the stack's name
   * @return the matrix
   * @throws IllegalArgumentException if there is no such stack
   */
  public QuantizedMatrix matrix(String stack) {
    QuantizedMatrix matrix = matrices.get(stack);
    if (matrix == null) {
      throw new IllegalArgumentException(
          "No stack is named " + stack + "; there are " + matrices.keySet());
    }
    return matrix;
  }

  /**
   * All matrices.
   *
   * @return in the order of their stacks
   */
  public List<QuantizedMatrix> matrices() {
    return List.copyOf(matrices.values());
  }

  /**
   * The codes, scales or offsets that lie in memory from a position on.
   *
   * @param position their first byte, as {@link QuantizedMatrix} gives it
   * @return a direct buffer over all of them, little-endian, valid until this is closed
   * @throws IllegalStateException if the weights are in a file or closed
   */
  public ByteBuffer memory(long position) {
    if (store instanceof MemoryStore memory) {
      return memory.piece(position);
    }
    throw new IllegalStateException("The converted weights are in " + file() + ", not in memory");
  }

  /**
   * The file that holds the weights, for those who map it.
   *
   * @return the file, absolute; empty where they are in memory
   */
  public Optional<Path> file() {
    return store.file();
  }

  /**
   * Where position 0 lies in the file.
   *
   * @return a byte of the file
   */
  public long fileOffset() {
    return store.fileOffset();
  }

  /**
   * Copies bytes until the destination is full.
   *
   * @param position the first byte, as {@link QuantizedMatrix} gives it
   * @param destination filled from its position to its limit; must not pass the end of the codes,
   *     scales or offsets that the position lies in
   * @throws UncheckedIOException if the file can't be read
   */
  public void read(long position, ByteBuffer destination) {
    try {
      store.read(position, destination);
    } catch (IOException e) {
      throw new UncheckedIOException("Converted weights can't be read; load the model again", e);
    }
  }

  /**
   * How the weights came about.
   *
   * @return origin, bytes and duration
   */
  public ConversionReport report() {
    return report;
  }

  /** Gives memory and file back; a mapping of the file stays valid. A second call does nothing. */
  @Override
  public void close() {
    store.close();
  }
}
