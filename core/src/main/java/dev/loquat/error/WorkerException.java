package dev.loquat.error;

/**
 * The process of a replica ended, or could not be started, or its Java heap was too small. The
 * application's own process is unharmed.
 */
public final class WorkerException extends BackendException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened and what to do
   */
  public WorkerException(String message) {
    super(message);
  }

  /**
   * Creates it.
   *
   * @param message what happened and what to do
   * @param cause what led to it
   */
  public WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
