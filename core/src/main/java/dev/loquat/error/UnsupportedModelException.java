package dev.loquat.error;

/** A checkpoint is sound, but describes a model that Loquat cannot run. */
public final class UnsupportedModelException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public UnsupportedModelException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public UnsupportedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
