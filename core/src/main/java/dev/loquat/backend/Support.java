package dev.loquat.backend;

import java.util.Objects;

/** A backend's answer to whether it can do something, with the reason where it can't. */
public sealed interface Support {

  /** It can. */
  record Supported() implements Support {}

  /**
   * It can't.
   *
   * @param reason the exact missing piece and, where there is one, the remedy
   */
  record Unsupported(String reason) implements Support {

    /** Checks that there is a reason. */
    public Unsupported {
      Objects.requireNonNull(reason, "reason");
      if (reason.isBlank()) {
        throw new IllegalArgumentException("reason is blank; expected the missing piece");
      }
    }
  }

  /**
   * The answer that it can.
   *
   * @return supported
   */
  static Support yes() {
    return new Supported();
  }

  /**
   * The answer that it can't.
   *
   * @param reason the exact missing piece and, where there is one, the remedy
   * @return unsupported
   */
  static Support no(String reason) {
    return new Unsupported(reason);
  }
}
