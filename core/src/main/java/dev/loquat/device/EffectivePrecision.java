package dev.loquat.device;

import java.util.Objects;

/**
 * What became of a requested precision on a device.
 *
 * @param requested what the caller asked for
 * @param storage what the weights' matrices are held in
 * @param compute what matrix products are accumulated in
 * @param reason why storage or compute differ from the request; empty where they do not
 */
public record EffectivePrecision(
    Precision requested, Precision storage, Precision compute, String reason) {

  /** Checks for nulls. */
  public EffectivePrecision {
    Objects.requireNonNull(requested, "requested");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(compute, "compute");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * The request as it was.
   *
   * @param precision the precision requested, stored and computed in
   * @return the value
   */
  public static EffectivePrecision asRequested(Precision precision) {
    return new EffectivePrecision(precision, precision, precision, "");
  }

  @Override
  public String toString() {
    String effective =
        storage == compute ? storage.name() : storage + " weights, " + compute + " compute";
    return reason.isEmpty()
        ? effective
        : effective + " (" + requested + " requested: " + reason + ")";
  }
}
