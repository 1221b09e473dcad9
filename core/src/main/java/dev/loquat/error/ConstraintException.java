package dev.loquat.error;

/** A constrained text came to no end that satisfies its constraint. */
public class ConstraintException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception without cause.
   *
   * @param message what happened, what was expected, what to do
   */
  public ConstraintException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message what happened, what was expected, what to do
   * @param cause what failed below
   */
  public ConstraintException(String message, Throwable cause) {
    super(message, cause);
  }
}
