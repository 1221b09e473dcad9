package dev.loquat.quantization;

import dev.loquat.device.ByteFormat;
import dev.loquat.quantization.ConversionReport.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Converts weights or takes them from a cache, whichever works. */
final class WeightConverter {
  private final List<WeightStack> stacks;
  private final List<QuantizedMatrix> layout;
  private final long bytes;
  private final int threads;
  private final long started = System.nanoTime();

  /** Why the cache is not used; empty while nothing speaks against it. */
  private String note = "";

  WeightConverter(List<WeightStack> stacks, int threads) {
    this.stacks = stacks;
    this.threads = threads;
    this.layout = new ArrayList<>();
    long position = 0;
    for (WeightStack stack : stacks) {
      QuantizedMatrix matrix =
          new QuantizedMatrix(stack.name(), stack.format(), stack.rows(), stack.inputs(), position);
      layout.add(matrix);
      position = matrix.end();
    }
    bytes = position;
  }

  QuantizedWeights convert(ConversionCache cache) {
    if (cache instanceof ConversionCache.Folder folder && fits(folder)) {
      try {
        return inFolder(folder);
      } catch (IOException e) {
        requireNoInterrupt();
        note = "the cache of converted weights in " + folder.folder() + " can't be used: " + e;
      }
    }
    return inMemory();
  }

  private boolean fits(ConversionCache.Folder cache) {
    long fileBytes = BlockFileHeader.LENGTH + bytes;
    if (fileBytes <= cache.maxBytes()) {
      return true;
    }
    ByteFormat sizes = ByteFormat.apart(fileBytes, cache.maxBytes());
    note = "the weights take " + sizes.of(fileBytes) + ", the cache " + sizes.of(cache.maxBytes());
    return false;
  }

  private QuantizedWeights inFolder(ConversionCache.Folder cache) throws IOException {
    ConversionFolder folder = new ConversionFolder(cache);
    byte[] key = CheckpointDigest.of(stacks);
    Path file = folder.file(key).toAbsolutePath();
    if (isWhole(file, key)) {
      folder.touch(file);
      return weights(FileStore.open(file), Origin.CACHE);
    }
    folder.makeRoom(BlockFileHeader.LENGTH + bytes);
    write(folder, key);
    return weights(FileStore.open(file), Origin.CONVERTED);
  }

  /** A file that is not what it should be is written anew, and the report tells of it. */
  private boolean isWhole(Path file, byte[] key) throws IOException {
    try (FileStore store = openIfThere(file)) {
      note = store == null ? "" : store.verify(key, bytes);
      if (!note.isEmpty()) {
        note = file + " was written anew: " + note;
      }
      return store != null && note.isEmpty();
    }
  }

  private static @Nullable FileStore openIfThere(Path file) throws IOException {
    return Files.exists(file) ? FileStore.open(file) : null;
  }

  private void write(ConversionFolder folder, byte[] key) throws IOException {
    Path part = folder.newFile();
    try {
      try (FileStore store = FileStore.create(part)) {
        Conversion.run(stacks, layout, store, threads);
        store.seal(key, bytes);
      }
      folder.keep(part, key);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private QuantizedWeights inMemory() {
    MemoryStore store = new MemoryStore(layout);
    try {
      Conversion.run(stacks, layout, store, threads);
      return weights(store, Origin.CONVERTED_IN_MEMORY);
    } catch (IOException e) {
      store.close();
      throw new IllegalStateException("Memory can always be written", e);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private QuantizedWeights weights(BlockStore store, Origin origin) {
    Duration duration = Duration.ofNanos(System.nanoTime() - started);
    return new QuantizedWeights(layout, store, new ConversionReport(origin, bytes, duration, note));
  }

  private static void requireNoInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("The conversion of weights was interrupted");
    }
  }
}
