package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;

/** The memory that tensors lie in which runs find again: the machine's, or a device's. */
interface TensorMemory extends AutoCloseable {

  /**
   * Allocates a block.
   *
   * @param byteLength 1 or more
   * @param purpose what it is for and how to need less, for the message where there is not enough
   * @throws OrtException if the runtime has not enough
   * @throws dev.loquat.error.OutOfMemoryException if the machine has not enough
   */
  Block allocate(long byteLength, String purpose) throws OrtException;

  /**
   * Takes over a block of the machine's memory, which is moved there if this is another.
   *
   * @param block given up by the caller, also if this fails
   * @param purpose what it is for, for the message where there is not enough
   */
  Block take(NativeBlock block, String purpose) throws OrtException;

  /** Copies the first positions of each row; those behind may be copied or cleared, too. */
  void copy(SlotRegion from, SlotRegion to, int positions) throws OrtException;

  /** Copies single-precision numbers to the start of an array. */
  void read(Block block, long offset, float[] destination, int count) throws OrtException;

  /** The most bytes that one tensor can cover. */
  long maxTensorBytes();

  @Override
  void close() throws OrtException;
}
