package dev.loquat.error;

/** The device asked for is not on this machine or cannot be used. */
public final class DeviceUnavailableException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public DeviceUnavailableException(String message) {
    super(message);
  }

  /**
   * Creates it with the failure that led to it.
   *
   * @param message what happened, what was expected and what to do
   * @param cause the failure that led to it
   */
  public DeviceUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
