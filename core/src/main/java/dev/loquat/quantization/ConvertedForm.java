package dev.loquat.quantization;

import dev.loquat.checkpoint.Tensor;
import dev.loquat.quantization.ConversionReport.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weights in a form that a backend makes and reads itself, kept in the cache's folder from one
 * start to the next.
 *
 * <p>Where {@link #file()} is empty, the backend converts the weights, {@link #append appends} what
 * it wants to find the next time, and ends with {@link #finish()}. A cache that can't be read or
 * written is no failure: then nothing is kept, and the report tells why.
 *
 * <p>Confined: used by one thread at a time.
 */
public final class ConvertedForm implements AutoCloseable {
  private static final int CHUNK = 1 << 18;
  private static final long ANY_LENGTH = -1;

  private final long started = System.nanoTime();
  private final byte[] key;
  private final long expected;
  private final NewFile newFile;
  private final byte[] chunk = new byte[CHUNK];
  private @Nullable ConversionFolder folder;
  private @Nullable Path kept;
  private @Nullable Path part;
  private @Nullable FileStore writing;
  private long length;
  private String note = "";

  private ConvertedForm(
      byte[] key, long expected, @Nullable ConversionFolder folder, NewFile newFile) {
    this.key = key;
    this.newFile = newFile;
    this.expected = expected;
    this.folder = folder;
  }

  /**
   * Looks whether weights are in a cache.
   *
   * @param form what tells the form from others, its version included
   * @param weights all that it is made of
   * @param cache where it is kept
   * @return the form; the caller closes it
   */
  public static ConvertedForm of(String form, List<Tensor> weights, ConversionCache cache) {
    return of(form, weights, ANY_LENGTH, cache);
  }

  /**
   * Looks whether weights are in a cache, as long as they have to be.
   *
   * @param form what tells the form from others, its version included
   * @param weights all that it is made of
   * @param length the bytes that they take in this form; a file of another length is written anew
   * @param cache where it is kept
   * @return the form; the caller closes it
   */
  public static ConvertedForm of(
      String form, List<Tensor> weights, long length, ConversionCache cache) {
    return of(form, weights, length, cache, FileStore::create);
  }

  static ConvertedForm of(
      String form, List<Tensor> weights, long length, ConversionCache cache, NewFile newFile) {
    if (!(cache instanceof ConversionCache.Folder kept)) {
      return none();
    }
    try {
      byte[] key = CheckpointDigest.of(form, weights);
      ConvertedForm found = new ConvertedForm(key, length, new ConversionFolder(kept), newFile);
      found.look();
      return found;
    } catch (IOException e) {
      return failed(kept.folder(), e);
    }
  }

  private static ConvertedForm none() {
    return new ConvertedForm(new byte[0], ANY_LENGTH, null, FileStore::create);
  }

  private static ConvertedForm failed(Path folder, IOException cause) {
    ConvertedForm none = none();
    none.note = unusable(folder, cause);
    return none;
  }

  private static String unusable(Path folder, IOException cause) {
    return "the cache of converted weights in " + folder + " can't be used: " + cause;
  }

  private void look() throws IOException {
    ConversionFolder from = requireFolder();
    Path file = from.file(key).toAbsolutePath();
    if (!Files.exists(file)) {
      return;
    }
    try (FileStore store = FileStore.open(file)) {
      long bytes =
          expected == ANY_LENGTH
              ? Math.max(0, Files.size(file) - BlockFileHeader.LENGTH)
              : expected;
      String wrong = store.verify(key, bytes);
      if (wrong.isEmpty()) {
        from.touch(file);
        length = bytes;
        kept = file;
      } else {
        note = file + " was written anew: " + wrong;
      }
    }
  }

  /**
   * The file of an earlier start, checked, or the one that {@link #finish} has kept.
   *
   * @return absolute; empty where the weights have to be converted, or nothing was kept
   */
  public Optional<Path> file() {
    return Optional.ofNullable(kept);
  }

  /**
   * Where the bytes appended first lie in the file.
   *
   * @return a byte of the file, a multiple of 4096
   */
  public long fileOffset() {
    return BlockFileHeader.LENGTH;
  }

  /**
   * How many bytes were appended, in this start or the earlier one.
   *
   * @return 0 where there is no cache
   */
  public long length() {
    return length;
  }

  /**
   * Whether what is appended is kept.
   *
   * @return false where the weights are there already, and without a cache that can be written
   */
  public boolean isKept() {
    return folder != null && kept == null;
  }

  /**
   * Appends bytes behind those before.
   *
   * @param bytes are used up
   */
  public void append(ByteBuffer bytes) {
    if (folder == null || kept != null) {
      return;
    }
    try {
      folder.requireRoom(BlockFileHeader.LENGTH + length + bytes.remaining());
      write(writing(), bytes);
    } catch (IOException e) {
      giveUp(e);
    }
  }

  private void write(FileStore store, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int count = Math.min(chunk.length, bytes.remaining());
      bytes.get(chunk, 0, count);
      store.write(length, ByteBuffer.wrap(chunk, 0, count));
      length += count;
    }
  }

  private FileStore writing() throws IOException {
    if (writing == null) {
      part = requireFolder().newFile();
      writing = newFile.open(part);
    }
    return writing;
  }

  /**
   * Gives up the file of an earlier start, which can't be read any more. What was not read yet has
   * to be converted; nothing is kept of it.
   *
   * @param cause why it can't be read
   * @throws IllegalStateException if there is no such file
   */
  public void abandon(String cause) {
    if (kept == null) {
      throw new IllegalStateException("There is no file of an earlier start to give up");
    }
    note = kept + " can't be read any more: " + cause;
    kept = null;
    folder = null;
    length = 0;
  }

  /**
   * Ends what was appended: it is there for the next start.
   *
   * @return how the weights came about
   */
  public ConversionReport finish() {
    Origin origin = kept != null ? Origin.CACHE : keep();
    Duration duration = Duration.ofNanos(System.nanoTime() - started);
    return new ConversionReport(origin, length, duration, note);
  }

  private Origin keep() {
    if (folder == null || writing == null || part == null) {
      return Origin.CONVERTED_IN_MEMORY;
    }
    try {
      folder.makeRoom(BlockFileHeader.LENGTH + length);
      writing.seal(key, length);
      writing.close();
      kept = folder.keep(part, key).toAbsolutePath();
      return Origin.CONVERTED;
    } catch (IOException e) {
      giveUp(e);
      return Origin.CONVERTED_IN_MEMORY;
    }
  }

  private void giveUp(IOException cause) {
    note = unusable(requireFolder().folder(), cause);
    close();
    folder = null;
  }

  private ConversionFolder requireFolder() {
    if (folder == null) {
      throw new IllegalStateException("There is no cache");
    }
    return folder;
  }

  /** Removes what was not finished. A second call does nothing. */
  @Override
  public void close() {
    try {
      if (writing != null) {
        writing.close();
      }
      if (part != null) {
        Files.deleteIfExists(part);
      }
    } catch (IOException | UncheckedIOException e) {
      note = "an unfinished file of converted weights can't be removed: " + e;
    }
    writing = null;
    part = null;
  }
}
