package dev.loquat.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * An open checkpoint: what the model is, and its weights by role.
 *
 * <p>Safe for use by several threads. Whoever opens it closes it; backends that need weights longer
 * than their {@code open} call copy them or map the file themselves.
 */
public interface Checkpoint extends AutoCloseable {

  /**
   * Opens a Hugging Face checkpoint: {@code config.json}, {@code tokenizer.json} and safetensors
   * weights, all checked against each other.
   *
   * @param folder the folder with the files
   * @return the open checkpoint; the caller closes it
   * @throws dev.loquat.error.CheckpointException if a file is missing, damaged or contradicts
   *     another
   * @throws dev.loquat.error.UnsupportedModelException if the model can't be run
   */
  static Checkpoint open(Path folder) {
    return FolderCheckpoint.open(folder);
  }

  /**
   * What the model is.
   *
   * @return the description
   */
  ModelConfig config();

  /**
   * What the checkpoint says of generating with it.
   *
   * @return the defaults
   */
  GenerationDefaults generationDefaults();

  /**
   * The folder with the checkpoint's files.
   *
   * @return an existing folder
   */
  Path folder();

  /**
   * A weight outside the layers.
   *
   * @param role a role that is not per layer
   * @return the tensor; for the head of a tied model the embedding
   */
  Tensor weight(WeightRole role);

  /**
   * A weight of a layer. Every weight that {@link #config} implies is there, has the shape of its
   * role and holds floating-point numbers: that was checked when the checkpoint was opened.
   *
   * @param role a role that is per layer
   * @param layer the layer, from 0
   * @return the tensor
   * @throws IllegalArgumentException if the model has no such weight
   */
  Tensor weight(WeightRole role, int layer);

  /**
   * How the weights that the model uses are stored.
   *
   * @return the type of each weight outside the layers, then of each in the first layer and so on,
   *     in the order of their roles
   */
  default List<ElementType> elementTypes() {
    return StoredTypes.of(this);
  }

  /**
   * The bytes of all weights as they stand in the files.
   *
   * @return the sum over the weights that the model uses
   */
  long weightBytes();

  /**
   * Tells that no weight is read for a while: the process need not hold pages of the files till
   * then. Weights can be read all the same. By default nothing happens.
   */
  default void dropPages() {}

  /** Gives the mapped files back. A second call does nothing. */
  @Override
  void close();
}
