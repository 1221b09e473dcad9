package dev.loquat.checkpoint.safetensors;

import java.lang.ref.Reference;

/**
 * The {@link InternalError} that the JVM owes a thread which touched mapped memory that can't be
 * read, because its file was cut or its disk failed.
 *
 * <p>From compiled code the JVM does not throw it where the memory was touched, but when the thread
 * next returns from a call into the VM, which may be far away. An array of arrays whose sizes are
 * no constants is always made by such a call.
 */
final class PendingFault {

  private PendingFault() {}

  /**
   * Has it thrown here; does nothing if there is none.
   *
   * @param size any small number that the compiler can't know
   */
  @SuppressWarnings("ReachabilityFenceUsage") // it keeps the compiler from dropping the array
  static void raise(int size) {
    Reference.reachabilityFence(new byte[size][size]);
  }
}
