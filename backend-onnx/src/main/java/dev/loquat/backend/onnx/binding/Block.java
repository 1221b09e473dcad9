package dev.loquat.backend.onnx.binding;

/**
 * A block of memory that tensors lie in, not cleared. Once it is closed it can't be reached through
 * this object any more; whoever closes it sees to it that no run uses tensors over it.
 */
interface Block extends AutoCloseable {
  long byteLength();

  /** Where it begins, in the memory that it lies in. */
  long address();

  /** A second call does nothing. */
  @Override
  void close();
}
