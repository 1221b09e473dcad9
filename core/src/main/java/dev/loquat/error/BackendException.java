package dev.loquat.error;

/** A backend failed while it loaded or ran a model. The process and other models live on. */
public sealed class BackendException extends LoquatException
    permits OutOfMemoryException, WorkerException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public BackendException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
