package dev.loquat.device;

/** Which processes a GPU takes: its compute mode. */
public enum GpuSharing {
  /** Any number. */
  SHARED,
  /** One at a time: while another holds it, it is not to be had. */
  EXCLUSIVE,
  /** None. */
  PROHIBITED
}
