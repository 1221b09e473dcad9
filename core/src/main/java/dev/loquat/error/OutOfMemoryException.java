package dev.loquat.error;

/**
 * A device has not enough memory for a model or for a step of it, or less than the limit that the
 * caller set for it. Unlike the JVM's {@link OutOfMemoryError}, it says nothing of the Java heap.
 */
public final class OutOfMemoryException extends BackendException {
  /** A number of bytes that nothing tells. */
  public static final long UNKNOWN = -1;

  private static final long serialVersionUID = 1L;

  private final long neededBytes;
  private final long availableBytes;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   * @param neededBytes what was asked for; {@link #UNKNOWN} if nothing tells
   * @param availableBytes what there was; {@link #UNKNOWN} if nothing tells
   */
  public OutOfMemoryException(String message, long neededBytes, long availableBytes) {
    super(message);
    this.neededBytes = neededBytes;
    this.availableBytes = availableBytes;
  }

  /**
   * Creates it with the failure that led to it, which tells no numbers.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public OutOfMemoryException(String message, Throwable cause) {
    super(message, cause);
    neededBytes = UNKNOWN;
    availableBytes = UNKNOWN;
  }

  /**
   * What was asked for.
   *
   * @return bytes; {@link #UNKNOWN} if nothing tells
   */
  public long neededBytes() {
    return neededBytes;
  }

  /**
   * What there was.
   *
   * @return bytes; {@link #UNKNOWN} if nothing tells
   */
  public long availableBytes() {
    return availableBytes;
  }
}
