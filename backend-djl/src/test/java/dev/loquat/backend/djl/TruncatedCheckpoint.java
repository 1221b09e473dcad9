package dev.loquat.backend.djl;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A single-precision checkpoint whose numbers are cut to the digits of BF16, stored as that or in
 * single precision still.
 */
final class TruncatedCheckpoint extends CheckpointDecorator {
  private final ElementType type;

  /**
   * Wraps a checkpoint.
   *
   * @param type BF16 or F32
   */
  TruncatedCheckpoint(Checkpoint original, ElementType type) {
    super(original);
    this.type = type;
  }

  @Override
  public Tensor weight(WeightRole role) {
    return new Truncated(super.weight(role), type);
  }

  @Override
  public Tensor weight(WeightRole role, int layer) {
    return new Truncated(super.weight(role, layer), type);
  }

  private record Truncated(Tensor original, ElementType type) implements Tensor {

    @Override
    public TensorInfo info() {
      TensorInfo info = original.info();
      return new TensorInfo(info.name(), type, info.shape(), info.file(), 0);
    }

    @Override
    public void read(long elementOffset, FloatBuffer destination) {
      throw new UnsupportedOperationException("the backend reads bytes");
    }

    @Override
    public void readBytes(long byteOffset, ByteBuffer destination) {
      int count = destination.remaining() / type.byteSize();
      ByteBuffer wide = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      original.readBytes(byteOffset / type.byteSize() * Float.BYTES, wide);
      wide.flip();
      ByteOrder order = destination.order();
      destination.order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        put(destination, wide.getInt());
      }
      destination.order(order);
    }

    private void put(ByteBuffer destination, int bits) {
      if (type == ElementType.BF16) {
        destination.putShort((short) (bits >>> Short.SIZE));
      } else {
        destination.putInt(bits & 0xffff0000);
      }
    }
  }
}
