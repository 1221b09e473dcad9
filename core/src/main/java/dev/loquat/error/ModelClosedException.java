package dev.loquat.error;

/** A model, generator or stream was used after it was closed. */
public final class ModelClosedException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public ModelClosedException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public ModelClosedException(String message, Throwable cause) {
    super(message, cause);
  }
}
