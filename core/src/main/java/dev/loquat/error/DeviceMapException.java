package dev.loquat.error;

/** A device map does not fit the model, or contradicts itself. */
public final class DeviceMapException extends LoquatException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   */
  public DeviceMapException(String message) {
    super(message);
  }
}
