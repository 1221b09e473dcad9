package dev.loquat.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * A tensor of an open checkpoint: where it lies, and its elements on request.
 *
 * <p>Safe for use by several threads. Reading after the checkpoint was closed throws {@link
 * IllegalStateException}; it never touches memory that was given back.
 */
public interface Tensor {

  /**
   * Where it lies, its type and its shape.
   *
   * @return the description
   */
  TensorInfo info();

  /**
   * Copies elements, widened or narrowed to single precision, until the destination is full.
   *
   * @param elementOffset the first element to read, from 0, row-major
   * @param destination filled from its position to its limit; the position moves to the limit
   * @throws IndexOutOfBoundsException if the tensor ends before the destination is full
   * @throws IllegalStateException if the elements are no floating-point numbers or the checkpoint
   *     is closed
   */
  void read(long elementOffset, FloatBuffer destination);

  /**
   * Copies bytes as they stand in the file, little-endian, until the destination is full.
   *
   * @param byteOffset the first byte to read, from 0 at the tensor's start
   * @param destination filled from its position to its limit; the position moves to the limit
   * @throws IndexOutOfBoundsException if the tensor ends before the destination is full
   * @throws IllegalStateException if the checkpoint is closed
   */
  void readBytes(long byteOffset, ByteBuffer destination);
}
