package dev.loquat.error;

/** A chat template is missing, malformed or refuses the messages it was given. */
public final class ChatTemplateException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public ChatTemplateException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public ChatTemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
