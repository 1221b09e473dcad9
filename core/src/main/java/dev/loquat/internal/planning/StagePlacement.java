package dev.loquat.internal.planning;

import dev.loquat.backend.MemoryEstimate;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.memory.StageNeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Places layers on devices as a map says, on some terms.
 *
 * @param map how layers are dealt out
 * @param devices the devices in the order of layers
 * @param capacities what each may hold, in bytes
 * @param costs what layers take
 */
record StagePlacement(
    DeviceMap map, List<Device> devices, Map<Device, Long> capacities, StageCosts costs) {

  /** The stages in the order of layers; empty if they don't fit. */
  Optional<List<StageNeed>> find() {
    return switch (map.strategy()) {
      case AUTO -> onGpusIfPossible();
      case BALANCED ->
          map.isOfMachine() ? onGpusIfPossible() : even(inMemory()).or(this::offloaded);
      case SEQUENTIAL -> filled();
      case MANUAL -> manual();
    };
  }

  /**
   * The CPU takes what GPUs don't hold, or all where there are none; the disk what neither does.
   */
  private Optional<List<StageNeed>> onGpusIfPossible() {
    List<Device> gpus =
        inMemory().stream().filter(device -> device.kind() != DeviceKind.CPU).toList();
    return gpus.isEmpty() ? even(inMemory()).or(this::offloaded) : even(gpus).or(this::filled);
  }

  private Optional<List<StageNeed>> offloaded() {
    return map.offloads() ? filled() : Optional.empty();
  }

  private List<Device> inMemory() {
    return devices.stream().filter(device -> !isDisk(device)).toList();
  }

  private static boolean isDisk(Device device) {
    return device.kind() == DeviceKind.DISK;
  }

  private Optional<List<StageNeed>> even(List<Device> chosen) {
    int count = Math.min(chosen.size(), costs.layers());
    boolean bySize = map.strategy() == DeviceMap.Strategy.AUTO && sizesAreKnown(chosen);
    return EvenPartition.find(
            costs.layers(), count, (layers, i) -> fullness(layers, chosen.get(i), bySize))
        .map(spans -> stages(chosen, spans));
  }

  private List<StageNeed> stages(List<Device> chosen, List<LayerSpan> spans) {
    return IntStream.range(0, spans.size())
        .mapToObj(i -> stage(chosen.get(i), spans.get(i)))
        .toList();
  }

  private boolean sizesAreKnown(List<Device> chosen) {
    return chosen.stream().noneMatch(device -> capacity(device) == DeviceInfo.UNKNOWN);
  }

  private double fullness(LayerSpan layers, Device device, boolean bySize) {
    if (!fits(layers, device)) {
      return Double.POSITIVE_INFINITY;
    }
    double bytes = costs.bytes(layers, device);
    return bySize ? bytes / capacity(device) : bytes;
  }

  private Optional<List<StageNeed>> filled() {
    List<StageNeed> stages = new ArrayList<>();
    int first = 0;
    for (Device device : devices) {
      int end = filled(device, first);
      if (end > first) {
        stages.add(stage(device, LayerSpan.of(first, end)));
      } else if (first < costs.layers() && !map.offloads()) {
        return Optional.empty();
      }
      first = end;
    }
    return first == costs.layers() ? Optional.of(stages) : Optional.empty();
  }

  private int filled(Device device, int first) {
    int end = first;
    while (end < costs.layers()
        && fits(LayerSpan.of(first, end + 1), device)
        && leavesRoom(first, end + 1, device)) {
      end++;
    }
    return end;
  }

  /** Whether the processor still has memory for the KV cache and workspace of layers on disk. */
  private boolean leavesRoom(int first, int end, Device device) {
    Device disk = Device.disk();
    if (device.kind() != DeviceKind.CPU
        || !map.offloads()
        || map.limits().containsKey(disk)
        || end == costs.layers()
        || capacity(disk) == DeviceInfo.UNKNOWN) {
      return true;
    }
    long here = costs.bytes(LayerSpan.of(first, end), device);
    return here + costs.bytes(LayerSpan.of(end, costs.layers()), disk) <= capacity(disk);
  }

  private Optional<List<StageNeed>> manual() {
    List<StageNeed> stages = new ArrayList<>();
    new TreeMap<>(map.layers()).forEach((layers, device) -> stages.add(stage(device, layers)));
    return devices.stream().allMatch(device -> isEnough(device, stages))
        ? Optional.of(stages)
        : Optional.empty();
  }

  private boolean isEnough(Device device, List<StageNeed> stages) {
    long needed =
        stages.stream()
            .filter(stage -> stage.device().equals(device))
            .mapToLong(StageNeed::neededBytes)
            .sum();
    return capacity(device) == DeviceInfo.UNKNOWN || needed <= capacity(device);
  }

  boolean fits(LayerSpan layers, Device device) {
    return capacity(device) == DeviceInfo.UNKNOWN
        || costs.bytes(layers, device) <= capacity(device);
  }

  /** What all layers take in one piece. */
  long bytes() {
    return costs.bytes(LayerSpan.of(0, costs.layers()), devices.get(0));
  }

  long capacity(Device device) {
    return capacities.getOrDefault(device, DeviceInfo.UNKNOWN);
  }

  private StageNeed stage(Device device, LayerSpan layers) {
    MemoryEstimate estimate = costs.estimate(layers, device);
    return new StageNeed(
        device,
        layers,
        NeedEstimator.onDevice(estimate),
        estimate.steps().mappedBytes(),
        capacity(device));
  }
}
