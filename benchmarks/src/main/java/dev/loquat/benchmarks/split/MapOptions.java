package dev.loquat.benchmarks.split;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how a model's layers are spread over devices. */
public final class MapOptions {
  private static final double GIBIBYTE = 1L << 30;

  /** What deals layers out without being told which. */
  public enum Kind {
    /** In proportion to the devices' memory. */
    AUTO,
    /** Evenly. */
    BALANCED,
    /** One device after the other. */
    SEQUENTIAL
  }

  @Option(
      names = "--devices",
      split = ",",
      description = "the devices in the order of layers; default: cpu:0,cpu:1")
  private List<String> devices = List.of("cpu:0", "cpu:1");

  @Option(
      names = "--limits",
      split = ",",
      description = "GiB of each device in the same order; default: what is free")
  private List<Double> limits = new ArrayList<>();

  @Option(names = "--map", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private Kind kind = Kind.AUTO;

  @Option(
      names = "--micro-batches",
      description = "parts of each step; 0, the default, to go by the step's size")
  private int microBatches = DeviceMap.BY_STEP;

  @Option(
      names = "--lanes",
      description = "groups of texts that step on their own; default: ${DEFAULT-VALUE}")
  private int lanes = 1;

  @Option(names = "--offload", description = "leave on disk what fits no device")
  private boolean offload;

  /** Creates it with the default options. */
  public MapOptions() {}

  /**
   * The map.
   *
   * @return devices with limits
   * @throws IllegalArgumentException if a device has no such form, or limits are not as many
   */
  public DeviceMap map() {
    if (!limits.isEmpty() && limits.size() != devices.size()) {
      throw new IllegalArgumentException(
          "--limits has "
              + limits.size()
              + " numbers for "
              + devices.size()
              + " devices; expected one for each");
    }
    Device[] parsed = devices.stream().map(Device::parse).toArray(Device[]::new);
    DeviceMap map = unlimited(parsed);
    for (int i = 0; i < limits.size(); i++) {
      map = map.limit(parsed[i], (long) (limits.get(i) * GIBIBYTE));
    }
    map = map.microBatches(microBatches).lanes(lanes);
    return offload ? map.offloadToDisk() : map;
  }

  private DeviceMap unlimited(Device... parsed) {
    return switch (kind) {
      case AUTO -> DeviceMap.auto(parsed);
      case BALANCED -> DeviceMap.balanced(parsed);
      case SEQUENTIAL -> DeviceMap.sequential(parsed);
    };
  }
}
