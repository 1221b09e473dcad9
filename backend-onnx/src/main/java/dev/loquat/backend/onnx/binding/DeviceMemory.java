package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.capi.MemoryPlace;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.capi.NativeTensor;
import dev.loquat.device.ByteFormat;

/**
 * A device's memory, from the allocator of the session that computes there. What blocks give back
 * the allocator keeps, until a run is told to shrink it.
 */
final class DeviceMemory implements TensorMemory {
  private final NativeSession session;
  private final MemoryPlace place;
  private final SlotCopier copier;
  private boolean hasUnused;

  /**
   * Allocates nothing yet.
   *
   * @param session whose allocator gives the memory; closed by its owner after this
   * @param place where the memory lies
   * @param copier closed by this
   */
  DeviceMemory(NativeSession session, MemoryPlace place, SlotCopier copier) {
    this.session = session;
    this.place = place;
    this.copier = copier;
  }

  @Override
  public DeviceBlock allocate(long byteLength, String purpose) throws OrtException {
    return new DeviceBlock(bytes(byteLength, purpose), place, byteLength, () -> hasUnused = true);
  }

  /** The runtime knows how much there was not, but not what for. */
  private NativeTensor bytes(long byteLength, String purpose) throws OrtException {
    try {
      return session.allocate(place, byteLength);
    } catch (OrtException e) {
      OrtException named =
          new OrtException(
              e.getCode(),
              e.getMessage() + " (" + ByteFormat.text(byteLength) + " for " + purpose + ")");
      named.initCause(e);
      throw named;
    }
  }

  @Override
  public DeviceBlock take(NativeBlock block, String purpose) throws OrtException {
    try (block) {
      DeviceBlock copy = allocate(block.byteLength(), purpose);
      try {
        copier.copy(whole(block), whole(copy));
        return copy;
      } catch (OrtException | RuntimeException | Error e) {
        copy.close();
        throw e;
      }
    }
  }

  @Override
  public void copy(SlotRegion from, SlotRegion to, int positions) throws OrtException {
    copier.copy(from, to);
  }

  @Override
  public void read(Block block, long offset, float[] destination, int count) throws OrtException {
    long bytes = (long) count * Float.BYTES;
    try (NativeBlock copy = NativeBlock.allocate(bytes, "numbers of a device")) {
      copier.copy(new SlotRegion(block, offset, 1, 1, bytes), whole(copy));
      copy.read(0, destination, count);
    }
  }

  @Override
  public long maxTensorBytes() {
    return Long.MAX_VALUE;
  }

  MemoryPlace place() {
    return place;
  }

  /** Whether blocks went back since the last call. */
  boolean takeUnused() {
    boolean unused = hasUnused;
    hasUnused = false;
    return unused;
  }

  @Override
  public void close() throws OrtException {
    copier.close();
  }

  private static SlotRegion whole(Block block) {
    return new SlotRegion(block, 0, 1, 1, block.byteLength());
  }
}
