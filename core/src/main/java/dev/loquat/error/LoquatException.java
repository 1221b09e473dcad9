package dev.loquat.error;

/** The parent of every failure that Loquat reports and a caller may handle. */
public abstract class LoquatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  protected LoquatException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  protected LoquatException(String message, Throwable cause) {
    super(message, cause);
  }
}
