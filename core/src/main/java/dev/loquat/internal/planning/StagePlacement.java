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
import java.util.function.ToDoubleBiFunction;
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
      case MANUAL -> Optional.of(asMapped()).filter(this::isEnough);
    };
  }

  /** Where the layers come nearest to fitting, if they don't: at least one device is overfull. */
  List<StageNeed> nearest() {
    return switch (map.strategy()) {
      case AUTO, BALANCED -> endsEvenly() ? overfull() : inOrder();
      case SEQUENTIAL -> inOrder();
      case MANUAL -> asMapped();
    };
  }

  /** Whether layers that don't fit evenly have nowhere else to go. */
  private boolean endsEvenly() {
    boolean balanced = map.strategy() == DeviceMap.Strategy.BALANCED && !map.isOfMachine();
    return !map.offloads() && (balanced || gpus().isEmpty());
  }

  /**
   * The CPU takes what GPUs don't hold, or all where there are none; the disk what neither does.
   */
  private Optional<List<StageNeed>> onGpusIfPossible() {
    return gpus().isEmpty() ? even(inMemory()).or(this::offloaded) : even(gpus()).or(this::filled);
  }

  private List<Device> gpus() {
    return inMemory().stream().filter(device -> device.kind() != DeviceKind.CPU).toList();
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
    boolean bySize = isBySize(chosen);
    return partition(
        chosen,
        (layers, device) ->
            fits(layers, device) ? fullness(layers, device, bySize) : Double.POSITIVE_INFINITY);
  }

  private List<StageNeed> overfull() {
    boolean bySize = isBySize(inMemory());
    return partition(inMemory(), (layers, device) -> fullness(layers, device, bySize))
        .orElseThrow();
  }

  private Optional<List<StageNeed>> partition(
      List<Device> chosen, ToDoubleBiFunction<LayerSpan, Device> fullness) {
    int count = Math.min(chosen.size(), costs.layers());
    return EvenPartition.find(
            costs.layers(), count, (layers, i) -> fullness.applyAsDouble(layers, chosen.get(i)))
        .map(spans -> stages(chosen, spans));
  }

  private boolean isBySize(List<Device> chosen) {
    return map.strategy() == DeviceMap.Strategy.AUTO && sizesAreKnown(chosen);
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
    double bytes = costs.bytes(layers, device);
    return bySize ? bytes / Math.max(1, capacity(device)) : bytes;
  }

  private Optional<List<StageNeed>> filled() {
    return Optional.of(inOrder()).filter(this::isEnough);
  }

  /**
   * Fills one device after another. Each gets a layer at least, unless the disk can take it, and
   * the last all the rest.
   */
  private List<StageNeed> inOrder() {
    List<StageNeed> stages = new ArrayList<>();
    int first = 0;
    for (Device device : devices) {
      int end = device.equals(last()) ? costs.layers() : leastFilled(device, first);
      if (end > first) {
        stages.add(stage(device, LayerSpan.of(first, end)));
      }
      first = end;
    }
    return stages;
  }

  private Device last() {
    return devices.get(devices.size() - 1);
  }

  private int leastFilled(Device device, int first) {
    int least = map.offloads() ? first : Math.min(first + 1, costs.layers());
    return Math.max(least, filled(device, first));
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

  private List<StageNeed> asMapped() {
    return new TreeMap<>(map.layers())
        .entrySet().stream().map(entry -> stage(entry.getValue(), entry.getKey())).toList();
  }

  private boolean isEnough(List<StageNeed> stages) {
    return stages.stream().allMatch(stage -> stage.fitsAmong(stages));
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
