package dev.loquat.error;

/** No backend on the path can run the model on the device in the precision asked for. */
public final class BackendUnavailableException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public BackendUnavailableException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
