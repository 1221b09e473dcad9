package dev.loquat.error;

/** As many requests wait for a slot as the queue holds. Submit again later. */
public final class QueueFullException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public QueueFullException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public QueueFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
