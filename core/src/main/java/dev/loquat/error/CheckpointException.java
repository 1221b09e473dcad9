package dev.loquat.error;

/** A checkpoint is missing, damaged or contradicts itself; another copy of it may load. */
public final class CheckpointException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public CheckpointException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
