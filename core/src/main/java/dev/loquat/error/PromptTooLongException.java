package dev.loquat.error;

/** A prompt has more tokens than the context holds, and truncation was not asked for. */
public final class PromptTooLongException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public PromptTooLongException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public PromptTooLongException(String message, Throwable cause) {
    super(message, cause);
  }
}
