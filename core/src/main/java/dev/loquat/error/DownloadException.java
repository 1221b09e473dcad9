package dev.loquat.error;

/** A file could not be fetched from a model hub. */
public final class DownloadException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public DownloadException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
