package dev.loquat.checkpoint.safetensors;

import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The weight files of a folder, mapped: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} lists.
 *
 * <p>Safe for use by several threads.
 */
public final class SafetensorsFiles implements AutoCloseable {
  private static final String SINGLE = CheckpointFiles.WEIGHTS;
  private static final String INDEX = CheckpointFiles.INDEX;

  private final List<MappedFile> files = new ArrayList<>();
  private final Map<String, Located> tensors = new LinkedHashMap<>();

  private SafetensorsFiles() {}

  /**
   * Opens the weight files of a folder.
   *
   * @param folder a checkpoint's folder
   * @return the files; the caller closes them
   * @throws CheckpointException if there are none, or one is missing or malformed
   */
  public static SafetensorsFiles open(Path folder) {
    SafetensorsFiles weights = new SafetensorsFiles();
    try {
      weights.openAll(folder);
      return weights;
    } catch (IOException e) {
      weights.close();
      throw new CheckpointException(
          folder
              + ": the weights can't be read ("
              + e
              + "). Check the files and their permissions.",
          e);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /**
   * A tensor by its name in the checkpoint.
   *
   * @param name the name
   * @return the tensor, or empty if no file has it
   * @throws dev.loquat.error.UnsupportedModelException if its elements are of an unknown type
   */
  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name)).map(Located::tensor);
  }

  /** Has the process hold no pages of the files until they are read again. */
  public void dropPages() {
    files.forEach(MappedFile::dropPages);
  }

  /** Gives the mappings back. A second call does nothing. */
  @Override
  public void close() {
    files.forEach(MappedFile::close);
  }

  private void openAll(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      openFile(folder.resolve(SINGLE));
    } else if (Files.isRegularFile(folder.resolve(INDEX))) {
      openShards(folder);
    } else {
      throw new CheckpointException(
          folder
              + " has no weights; expected "
              + SINGLE
              + " or "
              + INDEX
              + ". GGUF and other formats must be converted to safetensors first.");
    }
  }

  private void openShards(Path folder) throws IOException {
    ShardIndex index = ShardIndex.read(folder.resolve(INDEX));
    Map<String, Path> fileOf = new HashMap<>();
    for (String shard : index.shards()) {
      Path file = folder.resolve(shard);
      if (!Files.isRegularFile(file)) {
        throw new CheckpointException(
            INDEX + " lists " + shard + ", but " + folder + " has no such file. Fetch it.");
      }
      fileOf.put(shard, openFile(file));
    }
    index
        .shardOf()
        .forEach(
            (tensor, shard) ->
                requireIn(folder, tensor, shard, Objects.requireNonNull(fileOf.get(shard))));
  }

  private void requireIn(Path folder, String tensor, String shard, Path file) {
    Located located = tensors.get(tensor);
    if (located == null || !located.stored().file().equals(file)) {
      throw new CheckpointException(
          folder.resolve(INDEX)
              + " places tensor '"
              + tensor
              + "' in "
              + shard
              + ", which lacks it. The files belong to different models; fetch them again.");
    }
  }

  private Path openFile(Path file) throws IOException {
    Path real = file.toRealPath();
    List<StoredTensor> declared = SafetensorsHeader.read(real);
    MappedFile mapped = MappedFile.open(real);
    files.add(mapped);
    for (StoredTensor stored : declared) {
      if (tensors.put(stored.name(), new Located(stored, mapped)) != null) {
        throw new CheckpointException(
            file + ": tensor '" + stored.name() + "' is in another shard too");
      }
    }
    return real;
  }

  private record Located(StoredTensor stored, MappedFile file) {
    Tensor tensor() {
      return new SafetensorsTensor(stored.info(), file);
    }
  }
}
