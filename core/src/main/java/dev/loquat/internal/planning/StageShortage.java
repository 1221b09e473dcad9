package dev.loquat.internal.planning;

import dev.loquat.device.ByteFormat;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.error.OutOfMemoryException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Why layers can't be placed. */
final class StageShortage {
  private static final String REMEDY =
      " Raise the limit, use a smaller batch, a shorter context or a narrower precision, or ";

  private final StagePlacement placement;

  StageShortage(StagePlacement placement) {
    this.placement = placement;
  }

  OutOfMemoryException explain() {
    if (placement.map().offloads()) {
      return notTogether();
    }
    return placement.devices().stream()
        .filter(this::isTooSmall)
        .findFirst()
        .map(this::holdsNothing)
        .orElseGet(this::notTogether);
  }

  private boolean isTooSmall(Device device) {
    return singles().stream().noneMatch(layer -> placement.fits(layer, device));
  }

  private OutOfMemoryException holdsNothing(Device device) {
    long least = singles().stream().mapToLong(layer -> bytes(layer, device)).min().orElseThrow();
    long capacity = placement.capacity(device);
    ByteFormat sizes = ByteFormat.apart(least, capacity);
    return new OutOfMemoryException(
        device
            + " can't hold one layer of the model: at least "
            + sizes.of(least)
            + " are needed with its KV cache and workspace, but only "
            + sizes.of(capacity)
            + " are available."
            + REMEDY
            + "leave the device out.",
        least,
        capacity);
  }

  private OutOfMemoryException notTogether() {
    long needed = placement.bytes();
    long available =
        placement.devices().stream()
            .filter(device -> device.kind() != DeviceKind.DISK)
            .mapToLong(placement::capacity)
            .sum();
    return new OutOfMemoryException(
        "The model's "
            + placement.costs().layers()
            + " layers don't fit the device map: in one piece they take "
            + ByteFormat.text(needed)
            + " with KV cache and workspace, and what can be had is "
            + capacities()
            + (placement.map().strategy() == DeviceMap.Strategy.MANUAL
                ? ", with layers " + placement.map().layers()
                : "")
            + "."
            + REMEDY
            + (placement.map().offloads()
                ? "add a device."
                : "add a device. DeviceMap.offloadToDisk leaves on disk what fits none, where the"
                    + " backend can."),
        needed,
        available < 0 ? DeviceInfo.UNKNOWN : available);
  }

  private String capacities() {
    return placement.devices().stream()
        .map(device -> ByteFormat.text(placement.capacity(device)) + " on " + device)
        .collect(Collectors.joining(", "));
  }

  private List<LayerSpan> singles() {
    return IntStream.range(0, placement.costs().layers())
        .mapToObj(layer -> LayerSpan.of(layer, layer + 1))
        .toList();
  }

  private long bytes(LayerSpan layers, Device device) {
    return placement.costs().bytes(layers, device);
  }
}
