package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.error.OutOfMemoryException;
import java.util.Optional;

/** A decoder's memory, of which only so many blocks more can be had. */
public final class RationedMemory {
  private int left = Integer.MAX_VALUE;

  /** How many blocks can be had from now on. */
  public void allow(int blocks) {
    left = blocks;
  }

  /** The same decoder with this memory for its caches; the right one stays its caller's. */
  public LoadedDecoder under(LoadedDecoder right) {
    return new LoadedDecoder(
        right.session(),
        new Path(right.path()),
        right.config(),
        right.range(),
        right.rotaries(),
        right.rotaryType(),
        right.cacheType());
  }

  private final class Path implements RunPath {
    private final RunPath right;

    private Path(RunPath right) {
      this.right = right;
    }

    @Override
    public TensorMemory memory() {
      return new Memory(right.memory());
    }

    @Override
    public Optional<TokenDrawer> drawer() {
      return right.drawer();
    }

    @Override
    public SlotBinding bind() throws OrtException {
      return right.bind();
    }

    @Override
    public void close() throws OrtException {
      right.close();
    }
  }

  private final class Memory implements TensorMemory {
    private final TensorMemory right;

    private Memory(TensorMemory right) {
      this.right = right;
    }

    @Override
    public Block allocate(long byteLength, String purpose) throws OrtException {
      if (left-- <= 0) {
        throw new OutOfMemoryException("The test has no more memory for " + purpose, byteLength, 0);
      }
      return right.allocate(byteLength, purpose);
    }

    @Override
    public Block take(NativeBlock block, String purpose) throws OrtException {
      return right.take(block, purpose);
    }

    @Override
    public void copy(SlotRegion from, SlotRegion to, int positions) throws OrtException {
      right.copy(from, to, positions);
    }

    @Override
    public void read(Block block, long offset, float[] destination, int count) throws OrtException {
      right.read(block, offset, destination, count);
    }

    @Override
    public long maxTensorBytes() {
      return right.maxTensorBytes();
    }

    @Override
    public void close() throws OrtException {
      right.close();
    }
  }
}
