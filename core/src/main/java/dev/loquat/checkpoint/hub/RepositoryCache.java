package dev.loquat.checkpoint.hub;

import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.checkpoint.safetensors.ShardIndex;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** One repository in a cache of Hugging Face's layout, which package-info draws. */
final class RepositoryCache {
  private final Path folder;
  private final Path locks;

  RepositoryCache(Path cacheFolder, HubModel model) {
    String name = "models--" + model.owner() + "--" + model.name();
    folder = cacheFolder.resolve(name);
    locks = cacheFolder.resolve(".locks").resolve(name);
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  Path blob(BlobTag tag) {
    return folder.resolve("blobs").resolve(tag.value());
  }

  Path partial(BlobTag tag) {
    return folder.resolve("blobs").resolve(tag.value() + ".incomplete");
  }

  Path lock(BlobTag tag) {
    return locks.resolve(tag.value() + ".lock");
  }

  /** The files of a revision as it was when it was last fetched, if a model can be opened. */
  Optional<Path> completeSnapshot(HubModel model) {
    Optional<String> commit =
        model.isPinned() ? Optional.of(model.revision()) : ref(model.revision());
    return commit.map(this::snapshot).filter(RepositoryCache::isComplete);
  }

  boolean has(String commit, String file) {
    return Files.isRegularFile(snapshot(commit).resolve(file));
  }

  /**
   * Makes a blob a file of a commit: by a relative link, or a copy where links can't be made. Needs
   * the lock.
   */
  void link(String commit, RemoteFile file) throws IOException {
    Path snapshot = snapshot(commit);
    Path link = snapshot.resolve(file.name());
    Files.createDirectories(snapshot);
    Files.deleteIfExists(link);
    try {
      Files.createSymbolicLink(link, snapshot.relativize(blob(file.tag())));
    } catch (UnsupportedOperationException | FileSystemException e) {
      copy(blob(file.tag()), link);
    }
  }

  /** Records what commit a branch or tag was when it was fetched. */
  void writeRef(HubModel model, String commit) throws IOException {
    if (!model.isPinned()) {
      Path ref = folder.resolve("refs").resolve(model.revision());
      Files.createDirectories(ref.getParent());
      Files.writeString(ref, commit);
    }
  }

  private Optional<String> ref(String revision) {
    Path ref = folder.resolve("refs").resolve(revision);
    try {
      return Files.isRegularFile(ref)
          ? Optional.of(Files.readString(ref).strip()).filter(HubModel::isCommit)
          : Optional.empty();
    } catch (IOException e) {
      throw HubFailures.disk(ref, e);
    }
  }

  private static boolean isComplete(Path snapshot) {
    return Files.isRegularFile(snapshot.resolve(CheckpointFiles.CONFIG))
        && Files.isRegularFile(snapshot.resolve(CheckpointFiles.TOKENIZER))
        && (Files.isRegularFile(snapshot.resolve(CheckpointFiles.WEIGHTS)) || hasShards(snapshot));
  }

  private static boolean hasShards(Path snapshot) {
    Path index = snapshot.resolve(CheckpointFiles.INDEX);
    try {
      return Files.isRegularFile(index)
          && ShardIndex.read(index).shards().stream()
              .allMatch(shard -> Files.isRegularFile(snapshot.resolve(shard)));
    } catch (IOException | CheckpointException e) {
      return false;
    }
  }

  private static void copy(Path blob, Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    Files.copy(blob, fresh, StandardCopyOption.REPLACE_EXISTING);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
