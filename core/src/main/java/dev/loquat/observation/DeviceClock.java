package dev.loquat.observation;

/** What measured the time of a device. */
public enum DeviceClock {
  /**
   * The process's monotonic clock around calls of the backend, which return when the device is
   * done: what the calls themselves take counts, too.
   */
  MONOTONIC,

  /** Events that the device itself noted, such as CUDA's. */
  EVENTS
}
