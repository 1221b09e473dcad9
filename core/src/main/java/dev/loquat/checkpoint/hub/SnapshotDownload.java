package dev.loquat.checkpoint.hub;

import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.checkpoint.safetensors.ShardIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Fetches the files that a commit's snapshot lacks.
 *
 * @param listing what the commit holds
 * @param client the hub
 * @param cache where the files go
 * @param listener hears of the progress
 * @param pause waits for others that fetch the same
 */
record SnapshotDownload(
    RepositoryListing listing,
    HubClient client,
    RepositoryCache cache,
    DownloadListener listener,
    Pause pause) {

  Path run() {
    Path snapshot = cache.snapshot(listing.commit());
    try {
      fetchAll(snapshot);
      cache.writeRef(listing.model(), listing.commit());
      return snapshot;
    } catch (UnreachableException e) {
      throw e.asDownloadException();
    } catch (IOException e) {
      throw HubFailures.disk(snapshot, e);
    }
  }

  /** Weights come last: where they are, the rest is. */
  private void fetchAll(Path snapshot) throws IOException {
    fetch(listing.descriptions());
    if (listing.isSharded()) {
      fetch(List.of(CheckpointFiles.INDEX));
      fetch(ShardIndex.read(snapshot.resolve(CheckpointFiles.INDEX)).shards());
    } else {
      fetch(List.of(CheckpointFiles.WEIGHTS));
    }
  }

  private void fetch(Iterable<String> names) throws IOException {
    for (String name : names) {
      listing.require(name);
      if (!cache.has(listing.commit(), name)) {
        fetch(client.describe(listing.commit(), name));
      }
    }
  }

  private void fetch(RemoteFile file) throws IOException {
    BlobLock lock = BlobLock.acquire(cache.lock(file.tag()), pause);
    try {
      if (!cache.has(listing.commit(), file.name())) {
        Path blob = cache.blob(file.tag());
        if (!Files.isRegularFile(blob)) {
          new BlobDownload(client, file, cache.partial(file.tag()), listener).to(blob);
        }
        cache.link(listing.commit(), file);
      }
    } finally {
      lock.close();
    }
  }
}
