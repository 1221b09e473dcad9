package dev.loquat.checkpoint.hub;

import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.checkpoint.safetensors.ShardIndex;
import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Brings a model from a hub into the cache, no more of it than is needed and not yet there. */
public final class HubDownload {
  private final HubModel model;
  private final HubOptions options;
  private final DownloadListener listener;
  private final Pause pause;
  private final RepositoryCache cache;
  private final HubClient client;

  HubDownload(HubModel model, HubOptions options, DownloadListener listener, Pause pause) {
    this.model = model;
    this.options = options;
    this.listener = listener;
    this.pause = pause;
    cache = new RepositoryCache(options.cacheFolder(), model);
    client = new HubClient(model, options, pause);
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
   */
  public static Path fetch(HubModel model, HubOptions options, DownloadListener listener) {
    return new HubDownload(model, options, listener, Thread::sleep).snapshot();
  }

  Path snapshot() {
    Optional<Path> cached = cache.completeSnapshot(model);
    if (options.offline()) {
      return cached.orElseThrow(this::absentOffline);
    }
    if (cached.isPresent() && model.isPinned()) {
      return cached.get();
    }
    try {
      return download(client.list(cached.isPresent() ? 1 : Retries.ATTEMPTS));
    } catch (UnreachableException e) {
      return cached.orElseThrow(e::asDownloadException);
    }
  }

  /** Fetches what the commit lacks, weights last: where they are, the rest is. */
  private Path download(RepositoryListing listing) {
    Path snapshot = cache.snapshot(listing.commit());
    try {
      fetch(listing, listing.descriptions());
      if (listing.isSharded()) {
        fetch(listing, List.of(CheckpointFiles.INDEX));
        fetch(listing, shards(snapshot));
      } else {
        fetch(listing, List.of(CheckpointFiles.WEIGHTS));
      }
      cache.writeRef(model, listing.commit());
      return snapshot;
    } catch (UnreachableException e) {
      throw e.asDownloadException();
    } catch (IOException e) {
      throw HubFailures.disk(snapshot, e);
    }
  }

  private void fetch(RepositoryListing listing, Iterable<String> names) throws IOException {
    for (String name : names) {
      listing.require(name);
      if (!cache.has(listing.commit(), name)) {
        fetch(listing.commit(), client.describe(listing.commit(), name));
      }
    }
  }

  private void fetch(String commit, RemoteFile file) throws IOException {
    BlobLock lock = BlobLock.acquire(cache.lock(file.tag()), pause);
    try {
      if (!cache.has(commit, file.name())) {
        Path blob = cache.blob(file.tag());
        if (!Files.isRegularFile(blob)) {
          new BlobDownload(client, file, cache.partial(file.tag()), listener).to(blob);
        }
        cache.link(commit, file);
      }
    } finally {
      lock.close();
    }
  }

  private static SortedSet<String> shards(Path snapshot) throws IOException {
    return ShardIndex.read(snapshot.resolve(CheckpointFiles.INDEX)).shards();
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
