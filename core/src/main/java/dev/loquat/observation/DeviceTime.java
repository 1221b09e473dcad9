package dev.loquat.observation;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a device computed for a step.
 *
 * @param duration the time
 * @param clock what measured it
 */
public record DeviceTime(Duration duration, DeviceClock clock) {

  /** Checks for nulls. */
  public DeviceTime {
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(clock, "clock");
  }
}
