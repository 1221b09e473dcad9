package dev.loquat.backend.djl;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.GenerationDefaults;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import java.nio.file.Path;

/** A checkpoint like another, which it closes; tests change a part. */
abstract class CheckpointDecorator implements Checkpoint {
  private final Checkpoint original;

  CheckpointDecorator(Checkpoint original) {
    this.original = original;
  }

  @Override
  public final ModelConfig config() {
    return original.config();
  }

  @Override
  public final GenerationDefaults generationDefaults() {
    return original.generationDefaults();
  }

  @Override
  public final Path folder() {
    return original.folder();
  }

  @Override
  public Tensor weight(WeightRole role) {
    return original.weight(role);
  }

  @Override
  public Tensor weight(WeightRole role, int layer) {
    return original.weight(role, layer);
  }

  @Override
  public final long weightBytes() {
    return original.weightBytes();
  }

  @Override
  public final void close() {
    original.close();
  }
}
