package dev.loquat.device;

/** A driver or system library is missing, or answers with an error or with nonsense. */
final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  DriverException(String message) {
    super(message);
  }

  DriverException(String message, Throwable cause) {
    super(message, cause);
  }
}
