package dev.loquat.backend.onnx;

import dev.loquat.error.BackendException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deepest folder above all weight files: the runtime maps no file outside the one it is given.
 */
final class WeightFolder {
  private WeightFolder() {}

  /** Whether a folder could be named relative to the files. */
  static boolean onOneDrive(List<Path> files, Path folder) {
    Path root = folder.toAbsolutePath().getRoot();
    return files.stream().allMatch(file -> file.toAbsolutePath().getRoot().equals(root));
  }

  static Path above(List<Path> files) {
    @Nullable Path folder = files.get(0).getParent();
    for (Path file : files) {
      while (folder != null && !file.startsWith(folder)) {
        folder = folder.getParent();
      }
    }
    if (folder == null) {
      throw new BackendException(
          "The weight files "
              + files
              + " lie under no common folder. Put them on one drive; ONNX Runtime needs that.");
    }
    return folder;
  }
}
