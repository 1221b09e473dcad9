package dev.loquat.device;

import java.util.List;
import java.util.Objects;

/**
 * What became of a requested precision on a device.
 *
 * @param requested what the caller asked for
 * @param storage what the weights' matrices are held in
 * @param compute what matrix products are accumulated in
 * @param reason why storage or compute differ from the request; empty where they do not
 * @param wider the weights that are held wider than {@code storage}
 */
public record EffectivePrecision(
    Precision requested,
    Precision storage,
    Precision compute,
    String reason,
    List<WiderWeights> wider) {

  /** Checks for nulls and copies the list. */
  public EffectivePrecision {
    Objects.requireNonNull(requested, "requested");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(compute, "compute");
    Objects.requireNonNull(reason, "reason");
    wider = List.copyOf(wider);
  }

  /**
   * The same precision for all weights.
   *
   * @param requested what the caller asked for
   * @param storage what all weights are held in
   * @param compute what matrix products are accumulated in
   * @param reason why they differ from the request; empty where they do not
   */
  public EffectivePrecision(
      Precision requested, Precision storage, Precision compute, String reason) {
    this(requested, storage, compute, reason, List.of());
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

  /**
   * The same, chosen in place of another request.
   *
   * @param other what the caller asked for
   * @param why why this was chosen
   * @return the value
   */
  public EffectivePrecision chosenFor(Precision other, String why) {
    String reasons = reason.isEmpty() ? why : why + "; " + reason;
    return new EffectivePrecision(other, storage, compute, reasons, wider);
  }

  @Override
  public String toString() {
    String effective =
        storage == compute ? storage.name() : storage + " weights, " + compute + " compute";
    String differing = reason.isEmpty() ? "" : " (" + requested + " requested: " + reason + ")";
    return effective + differing + (wider.isEmpty() ? "" : "; wider: " + wider);
  }
}
