package dev.loquat.checkpoint.source;

import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.hub.HubDownload;
import dev.loquat.checkpoint.hub.HubOptions;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The folder that a {@link ModelSource} became.
 *
 * <p>Close it after the checkpoint that was opened from it: closing deletes the folder if it was
 * made for this source alone.
 */
public final class ModelFolder implements AutoCloseable {
  private final Path folder;
  private final Runnable release;

  ModelFolder(Path folder, Runnable release) {
    this.folder = folder;
    this.release = release;
  }

  /**
   * Finds, copies or fetches a model's files. Blocks until they are there.
   *
   * @param source where the model comes from
   * @param options where hub models are fetched from and kept; used for them only
   * @param listener hears of the progress of downloads
   * @return the folder; the caller closes it
   * @throws dev.loquat.error.CheckpointException if a folder or resource is missing, or the path is
   *     a file
   * @throws dev.loquat.error.DownloadException if a hub model can't be fetched
   */
  public static ModelFolder resolve(
      ModelSource source, HubOptions options, DownloadListener listener) {
    Objects.requireNonNull(source, "source");
    if (source instanceof ModelSource.Classpath classpath) {
      TemporaryFolder copy = ClasspathModel.copy(classpath.path(), TemporaryFolder.create());
      return new ModelFolder(copy.path(), copy::delete);
    }
    if (source instanceof ModelSource.Hub hub) {
      return kept(HubDownload.fetch(hub.model(), options, listener));
    }
    return kept(LocalFolder.require(((ModelSource.Folder) source).path()));
  }

  /**
   * The folder.
   *
   * @return an existing folder
   */
  public Path folder() {
    return folder;
  }

  /** Deletes the folder if it was made for this source. A second call does nothing. */
  @Override
  public void close() {
    release.run();
  }

  private static ModelFolder kept(Path folder) {
    return new ModelFolder(folder, () -> {});
  }
}
