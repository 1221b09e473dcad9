package dev.loquat.device;

import dev.loquat.error.DeviceMapException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How a model's layers are spread over several devices. Each device gets neighbouring layers, the
 * first also the embedding, the last the final norm and the head.
 *
 * <p>Without a list of devices, a map is of every device of the machine that the backend can use,
 * GPUs before the CPU. Several parts of the CPU's memory are told apart as {@link Device#cpu(int)},
 * each with a limit of its own. Immutable.
 *
 * @param strategy how layers are dealt out
 * @param devices the devices in the order of layers; none, or the disk alone, for all of the
 *     machine
 * @param layers which device holds which layers, for {@link Strategy#MANUAL} only
 * @param limits the most bytes to take of a device; without one, what is free
 * @param microBatches into how many parts each step is divided; {@link #BY_STEP} lets its size
 *     decide
 * @param lanes in how many groups texts go through the stages, each with steps of its own
 */
public record DeviceMap(
    Strategy strategy,
    List<Device> devices,
    Map<LayerSpan, Device> layers,
    Map<Device, Long> limits,
    int microBatches,
    int lanes) {
  /** As many micro-batches as the size of each step makes worth while. */
  public static final int BY_STEP = 0;

  /** More micro-batches are never made. */
  public static final int MAX_MICRO_BATCHES = 64;

  /** More lanes are never made. */
  public static final int MAX_LANES = 64;

  /** How layers are dealt out. */
  public enum Strategy {
    /**
     * In proportion to the memory of each device; the CPU takes only what does not fit the GPUs.
     */
    AUTO,
    /** So that the device that holds most holds as little as possible. */
    BALANCED,
    /** A device is filled before the next one takes anything. */
    SEQUENTIAL,
    /** As the caller says. */
    MANUAL
  }

  /** Copies the collections and checks that they fit each other. */
  public DeviceMap {
    Objects.requireNonNull(strategy, "strategy");
    devices = List.copyOf(devices);
    layers = Map.copyOf(layers);
    limits = Map.copyOf(limits);
    if ((strategy == Strategy.MANUAL) == layers.isEmpty()) {
      throw new IllegalArgumentException(
          strategy + " with " + layers.size() + " layer ranges; expected them for MANUAL only");
    }
    if (microBatches < BY_STEP || microBatches > MAX_MICRO_BATCHES) {
      throw new IllegalArgumentException(
          "microBatches is "
              + microBatches
              + "; expected 1 to "
              + MAX_MICRO_BATCHES
              + ", or 0 to go by the step");
    }
    if (lanes < 1 || lanes > MAX_LANES) {
      throw new IllegalArgumentException("lanes is " + lanes + "; expected 1 to " + MAX_LANES);
    }
    limits.forEach(DeviceMap::requirePositive);
    requireDistinct(devices);
    requireDiskLast(strategy, devices);
    requireNoGap(layers);
    requireListed(strategy, devices, layers, limits);
  }

  /**
   * Deals layers out in proportion to the memory of each device, so that a device with three times
   * the memory holds three times as much. The CPU takes only what does not fit the GPUs.
   *
   * @param devices the devices in the order of layers; none for all of the machine
   * @return the map
   */
  public static DeviceMap auto(Device... devices) {
    return of(Strategy.AUTO, devices);
  }

  /**
   * Deals layers out so that the device that holds most holds as little as possible.
   *
   * @param devices the devices in the order of layers; none for all of the machine
   * @return the map
   */
  public static DeviceMap balanced(Device... devices) {
    return of(Strategy.BALANCED, devices);
  }

  /**
   * Fills a device before the next one takes anything.
   *
   * @param devices the devices in the order of layers; none for all of the machine
   * @return the map
   */
  public static DeviceMap sequential(Device... devices) {
    return of(Strategy.SEQUENTIAL, devices);
  }

  /**
   * Says which device holds which layers.
   *
   * @param layers every layer of the model once; a device may hold several ranges
   * @return the map
   * @throws DeviceMapException if ranges overlap, or layers between or before them are missing
   */
  public static DeviceMap manual(Map<LayerSpan, Device> layers) {
    List<Device> devices = new TreeMap<>(layers).values().stream().distinct().toList();
    return new DeviceMap(Strategy.MANUAL, devices, layers, Map.of(), BY_STEP, 1);
  }

  /**
   * Leaves on disk what fits no device: the last layers, whose weights stay in files that the
   * system may drop from memory and read again. The processor computes them, slowly, with their KV
   * cache and workspace in memory. What fits without takes nothing of it. A manual map names {@link
   * Device#disk()} itself.
   *
   * @return a map with {@link Device#disk()} behind its other devices
   * @throws DeviceMapException if the map is manual
   */
  public DeviceMap offloadToDisk() {
    if (strategy == Strategy.MANUAL) {
      throw new DeviceMapException(
          "A manual map leaves nothing open to be offloaded. Map the layers that shall stay on disk"
              + " to Device.disk().");
    }
    Stream<Device> more = Stream.concat(devices.stream(), Stream.of(Device.disk())).distinct();
    return new DeviceMap(strategy, more.toList(), layers, limits, microBatches, lanes);
  }

  /**
   * Whether layers may stay on disk.
   *
   * @return true if {@link Device#disk()} is one of the devices
   */
  public boolean offloads() {
    return devices.contains(Device.disk());
  }

  /**
   * Whether the map is of every device of the machine that the backend can use.
   *
   * @return true if it lists none, but perhaps the disk
   */
  public boolean isOfMachine() {
    return devices.stream().allMatch(Device.disk()::equals);
  }

  /**
   * Limits how much of a device's memory the model takes: weights, KV cache, and what steps and
   * loading need beside them. A device's limit is no part of another's, also where both are the
   * CPU.
   *
   * @param device one of the map's devices, or without a list of them any; a CPU other than {@link
   *     Device#cpu()} that has a limit is one of the map's devices
   * @param bytes 1 or more
   * @return a map with the limit
   * @throws DeviceMapException if the device is not one of the map's
   */
  public DeviceMap limit(Device device, long bytes) {
    Map<Device, Long> more = new HashMap<>(limits);
    more.put(Objects.requireNonNull(device, "device"), bytes);
    return new DeviceMap(strategy, devices, layers, more, microBatches, lanes);
  }

  /**
   * Sets into how many parts each step is divided, so that one device computes a part while the
   * next computes the part before. The default, {@value #BY_STEP}, goes by the step: every part
   * reads all weights, which only pays where it has many tokens, and where stages lie on different
   * devices of the machine.
   *
   * @param count 1 to {@value #MAX_MICRO_BATCHES}; a step of fewer tokens has fewer
   * @return a map with the number
   */
  public DeviceMap microBatches(int count) {
    return new DeviceMap(strategy, devices, layers, limits, count, lanes);
  }

  /**
   * Lets texts go through the stages in groups, one behind the other: while one group's step is in
   * the second stage, another's is in the first, and no stage waits for a step to end. As with
   * micro-batches every group reads all weights, so this pays where stages lie on different devices
   * or steps compute more than they read; the processor's threads are divided among its stages
   * then.
   *
   * <p>A group has its part of the batch's slots and a prefix cache of its own: it is to callers
   * what a replica is, so listeners hear of it as of one, and a beam search must fit into the slots
   * of one.
   *
   * @param count 1, the default, to {@value #MAX_LANES}; at most the batch
   * @return a map with the number
   */
  public DeviceMap lanes(int count) {
    return new DeviceMap(strategy, devices, layers, limits, microBatches, count);
  }

  private static DeviceMap of(Strategy strategy, Device... devices) {
    return new DeviceMap(strategy, List.of(devices), Map.of(), Map.of(), BY_STEP, 1);
  }

  private static void requirePositive(Device device, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "The limit of " + device + " is " + bytes + " bytes; expected 1 or more");
    }
  }

  private static void requireDistinct(List<Device> devices) {
    if (devices.stream().distinct().count() < devices.size()) {
      throw new DeviceMapException(
          "A device comes twice in " + devices + "; name each once, in the order of layers.");
    }
  }

  private static void requireDiskLast(Strategy strategy, List<Device> devices) {
    int disk = devices.indexOf(Device.disk());
    if (strategy != Strategy.MANUAL && disk >= 0 && disk < devices.size() - 1) {
      throw new DeviceMapException(
          "The disk comes before other devices in "
              + devices
              + ", but holds only what they don't. Name it last, or call offloadToDisk().");
    }
  }

  private static void requireNoGap(Map<LayerSpan, Device> layers) {
    int end = 0;
    for (LayerSpan span : new TreeMap<>(layers).keySet()) {
      if (span.first() != end) {
        throw new DeviceMapException(
            (span.first() < end ? "Layer " + span.first() + " is mapped twice" : missing(end, span))
                + ": the ranges are "
                + new TreeMap<>(layers)
                + ". Map every layer once, from layer 0 on.");
      }
      end = span.end();
    }
  }

  private static String missing(int first, LayerSpan next) {
    LayerSpan missing = LayerSpan.of(first, next.first());
    return (missing.count() == 1 ? "Layer " + missing + " is" : "Layers " + missing + " are")
        + " mapped to no device";
  }

  private static void requireListed(
      Strategy strategy,
      List<Device> devices,
      Map<LayerSpan, Device> layers,
      Map<Device, Long> limits) {
    Stream<Device> named = Stream.concat(limits.keySet().stream(), layers.values().stream());
    if (strategy == Strategy.MANUAL || devices.stream().anyMatch(d -> !d.equals(Device.disk()))) {
      named
          .filter(device -> !devices.contains(device))
          .findFirst()
          .ifPresent(
              device -> {
                throw new DeviceMapException(
                    device
                        + " has a limit or layers, but the map is of "
                        + devices
                        + ". Name it among them, or leave its limit out.");
              });
    }
  }
}
