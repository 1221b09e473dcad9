package dev.loquat.checkpoint.source;

import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.checkpoint.safetensors.ShardIndex;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies a checkpoint from the class path into a folder, where its weights can be mapped.
 *
 * <p>Resources are asked of class loaders, not of a class: a module's resources would be hidden
 * from this one.
 */
final class ClasspathModel {
  private static final String TINY = "dev/loquat/models/tiny";

  private final String path;
  private final Path folder;

  private ClasspathModel(String path, Path folder) {
    this.path = path;
    this.folder = folder;
  }

  /** Copies a checkpoint; deletes the folder if that fails. */
  static TemporaryFolder copy(String path, TemporaryFolder folder) {
    try {
      new ClasspathModel(path, folder.path()).copyAll();
      return folder;
    } catch (IOException e) {
      folder.delete();
      throw new CheckpointException(
          "classpath:" + path + " can't be copied to " + folder.path() + " (" + e + ").", e);
    } catch (RuntimeException | Error e) {
      folder.delete();
      throw e;
    }
  }

  private void copyAll() throws IOException {
    for (String name : CheckpointFiles.descriptions()) {
      copyIfThere(name);
    }
    if (!Files.exists(folder.resolve(CheckpointFiles.CONFIG))) {
      throw new CheckpointException(
          "classpath:" + path + " has no " + CheckpointFiles.CONFIG + "; " + remedy());
    }
    if (!copyIfThere(CheckpointFiles.WEIGHTS) && copyIfThere(CheckpointFiles.INDEX)) {
      for (String shard : ShardIndex.read(folder.resolve(CheckpointFiles.INDEX)).shards()) {
        copyIfThere(shard);
      }
    }
  }

  private boolean copyIfThere(String name) throws IOException {
    try (InputStream resource = open(path + "/" + name)) {
      if (resource != null) {
        Files.copy(resource, folder.resolve(name));
      }
      return resource != null;
    }
  }

  private static @Nullable InputStream open(String resource) {
    return Stream.of(Thread.currentThread().getContextClassLoader(), own())
        .filter(loader -> loader != null)
        .map(loader -> loader.getResourceAsStream(resource))
        .filter(stream -> stream != null)
        .findFirst()
        .orElse(null);
  }

  private static ClassLoader own() {
    return ClasspathModel.class.getClassLoader();
  }

  private String remedy() {
    return path.equals(TINY)
        ? "add the dependency dev.loquat:loquat-model-tiny."
        : "add the artifact that holds the model, or correct the path.";
  }
}
