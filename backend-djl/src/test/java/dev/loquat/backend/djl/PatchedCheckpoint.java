package dev.loquat.backend.djl;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A single-precision checkpoint in which the first weight of one tensor has another value. */
final class PatchedCheckpoint extends CheckpointDecorator {
  private final WeightRole role;
  private final float value;

  PatchedCheckpoint(Checkpoint original, WeightRole role, float value) {
    super(original);
    this.role = role;
    this.value = value;
  }

  @Override
  public Tensor weight(WeightRole asked, int layer) {
    Tensor tensor = super.weight(asked, layer);
    return asked == role ? new Patched(tensor, value) : tensor;
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
