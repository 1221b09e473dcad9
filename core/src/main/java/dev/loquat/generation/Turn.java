package dev.loquat.generation;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When a generation gets its turn, and until when it is wanted.
 *
 * @param priority the higher goes first, and takes slots from lower ones, which go on later; equal
 *     ones take turns in the order of their arrival
 * @param timeout how long after it was submitted the generation ends where it is; empty for never
 */
public record Turn(int priority, Optional<Duration> timeout) {
  /** Priority 0, without a timeout. */
  public static final Turn ORDINARY = new Turn(0, Optional.empty());

  /** Checks the timeout. */
  public Turn {
    Objects.requireNonNull(timeout, "timeout");
    timeout.ifPresent(Turn::requirePositive);
  }

  private static void requirePositive(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout is " + timeout + "; expected more than zero");
    }
  }
}
