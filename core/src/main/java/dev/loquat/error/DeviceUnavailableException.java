package dev.loquat.error;

/** The device asked for is not on this machine or cannot be used. */
public final class DeviceUnavailableException extends LoquatException {
  /** What keeps callers from the device. */
  public enum Reason {
    /** It is not on this machine. */
    ABSENT,
    /** It was there and is no more. */
    LOST,
    /** Other processes have it, or it is closed to all. */
    CLAIMED,
    /** Its driver is older than what backends are built for. */
    DRIVER_TOO_OLD
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /**
   * Creates it for a device that is absent.
   *
   * @param message what happened, what was expected and what to do
   */
  public DeviceUnavailableException(String message) {
    this(message, Reason.ABSENT);
  }

  /**
   * Creates it.
   *
   * @param message what happened, what was expected and what to do
   * @param reason what keeps callers from the device
   */
  public DeviceUnavailableException(String message, Reason reason) {
    super(message);
    this.reason = reason;
  }

  /**
   * What keeps callers from the device.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
