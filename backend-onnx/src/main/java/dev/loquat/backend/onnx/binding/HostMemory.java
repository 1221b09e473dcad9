package dev.loquat.backend.onnx.binding;

/**
 * The machine's memory, outside of the Java heap. What nobody has written takes no pages of the
 * system yet.
 */
final class HostMemory implements TensorMemory {
  private final long maxTensorBytes;

  /**
   * Allocates nothing yet.
   *
   * @param maxTensorBytes the most bytes that a tensor of the runtime can cover here
   */
  HostMemory(long maxTensorBytes) {
    this.maxTensorBytes = maxTensorBytes;
  }

  @Override
  public NativeBlock allocate(long byteLength, String purpose) {
    return NativeBlock.allocate(byteLength, purpose);
  }

  @Override
  public NativeBlock take(NativeBlock block, String purpose) {
    return block;
  }

  @Override
  public void copy(SlotRegion from, SlotRegion to, int positions) {
    long bytes = positions * from.positionBytes();
    for (int head = 0; head < from.heads(); head++) {
      NativeBlock.of(from.block())
          .copyTo(NativeBlock.of(to.block()), from.row(head), to.row(head), bytes);
    }
  }

  @Override
  public void read(Block block, long offset, float[] destination, int count) {
    NativeBlock.of(block).read(offset, destination, count);
  }

  @Override
  public long maxTensorBytes() {
    return maxTensorBytes;
  }

  @Override
  public void close() {}
}
