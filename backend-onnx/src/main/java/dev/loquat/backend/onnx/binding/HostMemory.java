package dev.loquat.backend.onnx.binding;

/**
 * The machine's memory, outside of the Java heap. What nobody has written takes no pages of the
 * system yet.
 */
final class HostMemory implements TensorMemory {

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
      NativeBlock.of(to.block())
          .view(to.row(head), bytes)
          .put(NativeBlock.of(from.block()).view(from.row(head), bytes));
    }
  }

  @Override
  public long maxTensorBytes() {
    return NativeBlock.MAX_VIEW_BYTES;
  }

  @Override
  public void close() {}
}
