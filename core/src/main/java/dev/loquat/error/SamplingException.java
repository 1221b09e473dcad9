package dev.loquat.error;

/**
 * No token could be chosen for one generation: its options or its processors left none, or a
 * processor failed. Other generations go on.
 */
public final class SamplingException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public SamplingException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public SamplingException(String message, Throwable cause) {
    super(message, cause);
  }
}
