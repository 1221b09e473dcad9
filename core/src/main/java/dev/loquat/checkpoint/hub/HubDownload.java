package dev.loquat.checkpoint.hub;

import dev.loquat.error.DownloadException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Brings a model from a hub into the cache, no more of it than is needed and not yet there. */
public final class HubDownload {
  private final HubModel model;
  private final HubOptions options;
  private final DownloadListener listener;
  private final Pause pause;
  private final LongSupplier nanoTime;
  private final RepositoryCache cache;

  HubDownload(
      HubModel model,
      HubOptions options,
      DownloadListener listener,
      Pause pause,
      LongSupplier nanoTime) {
    this.model = model;
    this.options = options;
    this.listener = listener;
    this.pause = pause;
    this.nanoTime = nanoTime;
    cache = new RepositoryCache(options.cacheFolder(), model);
  }

  /**
   * Finds a model's files in the cache or fetches them. A commit that is in the cache needs no
   * network; for a branch the hub is asked whether it moved, and if it can't be reached the cached
   * files are used. Blocks; several threads and processes may fetch the same model.
   *
   * @param model the repository and its revision
   * @param options where to fetch from and to keep
   * @param listener hears of the progress
   * @return the folder of the snapshot, which belongs to the cache
   * @throws DownloadException if the hub refuses, can't be reached or sends damaged files, or if
   *     the model is not in the cache and only cached files may be used
   * @throws dev.loquat.error.CheckpointException if the repository's list of shards is malformed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits;
   *     its interrupt stays set
   */
  public static Path fetch(HubModel model, HubOptions options, DownloadListener listener) {
    return new HubDownload(model, options, listener, Thread::sleep, System::nanoTime).snapshot();
  }

  Path snapshot() {
    Optional<Path> cached = cache.completeSnapshot(model);
    if (options.offline()) {
      return cached.orElseThrow(this::absentOffline);
    }
    return cached.isPresent() && model.isPinned() ? cached.get() : snapshotOfHub(cached);
  }

  private Path snapshotOfHub(Optional<Path> cached) {
    HubClient client = new HubClient(model, options, pause, nanoTime);
    RepositoryListing listing;
    try {
      listing = client.list(cached.isPresent() ? 1 : Retries.ATTEMPTS);
    } catch (UnreachableException e) {
      return cached.orElseThrow(e::asDownloadException);
    }
    return new SnapshotDownload(listing, client, cache, listener, pause).run();
  }

  private DownloadException absentOffline() {
    return new DownloadException(
        model
            + " is not in the cache "
            + options.cacheFolder()
            + ", or not wholly, and only cached files may be used. Fetch it once online"
            + " (HF_HUB_OFFLINE unset), or correct HF_HOME.");
  }
}
