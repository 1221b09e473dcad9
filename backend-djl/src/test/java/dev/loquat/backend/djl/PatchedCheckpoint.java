package dev.loquat.backend.djl;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.GenerationDefaults;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** A single-precision checkpoint in which the first weight of one tensor has another value. */
record PatchedCheckpoint(Checkpoint original, WeightRole role, float value) implements Checkpoint {

  @Override
  public ModelConfig config() {
    return original.config();
  }

  @Override
  public GenerationDefaults generationDefaults() {
    return original.generationDefaults();
  }

  @Override
  public Path folder() {
    return original.folder();
  }

  @Override
  public Tensor weight(WeightRole asked) {
    return original.weight(asked);
  }

  @Override
  public Tensor weight(WeightRole asked, int layer) {
    Tensor tensor = original.weight(asked, layer);
    return asked == role ? new Patched(tensor, value) : tensor;
  }

  @Override
  public long weightBytes() {
    return original.weightBytes();
  }

  @Override
  public void close() {
    original.close();
  }

  private record Patched(Tensor original, float value) implements Tensor {

    @Override
    public TensorInfo info() {
      return original.info();
    }

    @Override
    public void read(long elementOffset, FloatBuffer destination) {
      throw new UnsupportedOperationException("the backend reads bytes");
    }

    @Override
    public void readBytes(long byteOffset, ByteBuffer destination) {
      int start = destination.position();
      original.readBytes(byteOffset, destination);
      if (byteOffset == 0) {
        destination.duplicate().order(ByteOrder.LITTLE_ENDIAN).putFloat(start, value);
      }
    }
  }
}
