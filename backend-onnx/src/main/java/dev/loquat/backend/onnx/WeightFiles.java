package dev.loquat.backend.onnx;

import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.error.BackendException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that the runtime maps. Native code that touches a page which its file no longer has
 * ends the process, so each step first compares the files' lengths.
 *
 * <p>They are held open, so that a file that replaces another of its name is not taken for it. A
 * {@link RandomAccessFile}, unlike a channel, also serves threads that are interrupted.
 */
final class WeightFiles implements AutoCloseable {
  private final Map<Path, RandomAccessFile> files = new LinkedHashMap<>();
  private final Map<Path, Long> ends = new LinkedHashMap<>();

  private WeightFiles() {}

  /** Opens the files of some weights, and of converted ones; the caller closes them. */
  static WeightFiles of(Iterable<Tensor> weights, Iterable<TensorInfo> converted) {
    WeightFiles held = new WeightFiles();
    try {
      for (Tensor weight : weights) {
        held.add(weight.info());
      }
      for (TensorInfo info : converted) {
        held.add(info);
      }
      return held;
    } catch (IOException e) {
      held.close();
      throw new BackendException(
          "ONNX Runtime could not load the model: its weights can't be read (" + e + ").", e);
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  /**
   * Checks that no file ends before its weights do.
   *
   * @throws BackendException if one does
   */
  void requireWhole() {
    files.forEach(this::requireWhole);
  }

  /** A second call does nothing. */
  @Override
  public void close() {
    try {
      for (RandomAccessFile file : files.values()) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(TensorInfo info) throws IOException {
    if (!files.containsKey(info.file())) {
      files.put(info.file(), new RandomAccessFile(info.file().toFile(), "r"));
    }
    ends.merge(info.file(), info.fileOffset() + info.byteLength(), Math::max);
  }

  private void requireWhole(Path path, RandomAccessFile file) {
    long end = ends.getOrDefault(path, 0L);
    long bytes = length(path, file);
    if (bytes < end) {
      throw new BackendException(
          path
              + " has "
              + bytes
              + " bytes, but its weights end at byte "
              + end
              + ": it was cut since the model was loaded, which reads from it at every step. Fetch"
              + " it again and load the model anew.");
    }
  }

  private static long length(Path path, RandomAccessFile file) {
    try {
      return file.length();
    } catch (IOException e) {
      throw new BackendException(path + ": its length can't be read (" + e + ").", e);
    }
  }
}
