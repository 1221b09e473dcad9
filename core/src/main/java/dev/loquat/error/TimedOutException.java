package dev.loquat.error;

/** A timeout was over before there was anything of use. Try again with a longer one. */
public final class TimedOutException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public TimedOutException(String message) {
    super(message);
  }
}
