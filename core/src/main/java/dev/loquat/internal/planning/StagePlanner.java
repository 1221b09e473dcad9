package dev.loquat.internal.planning;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.device.Precision;
import dev.loquat.error.DeviceMapException;
import dev.loquat.memory.DeviceShare;
import dev.loquat.memory.HostShare;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.StageNeed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Plans which of a model's layers lie on which device. Not thread-safe. */
public final class StagePlanner {
  private final Checkpoint checkpoint;
  private final BackendProvider provider;
  private final DeviceMap map;
  private final List<Device> devices;
  private final HalfPrecision half;
  private final Map<Device, Long> capacities;
  private final long processBytes;

  /**
   * Creates a planner.
   *
   * @param checkpoint the model; stays the caller's, open as long as the planner is used
   * @param provider the backend of every stage
   * @param map how layers are dealt out
   * @param devices the devices in the order of layers, one or more
   * @param half what FP16 and BF16 mean
   * @param free the bytes that are free on a device of the machine
   * @param processBytes what the process holds of the machine's memory; -1 if nothing tells
   * @throws DeviceMapException if the map's ranges are of another number of layers
   */
  public StagePlanner(
      Checkpoint checkpoint,
      BackendProvider provider,
      DeviceMap map,
      List<Device> devices,
      HalfPrecision half,
      ToLongFunction<Device> free,
      long processBytes) {
    this.checkpoint = checkpoint;
    this.provider = provider;
    this.map = map;
    this.devices = devices;
    this.half = half;
    this.processBytes = Math.max(0, processBytes);
    capacities = StageCapacities.of(devices, map.limits(), free);
    requireAllLayers();
  }

  /**
   * Where the layers would lie, whether or not they fit.
   *
   * @param terms on what terms
   * @return the stages in the order of layers; where they don't fit, at least one needs more than
   *     there is
   */
  public List<StageNeed> stages(PlanTerms terms) {
    StagePlacement placement = placement(terms);
    return placement.find().orElseGet(placement::nearest);
  }

  /**
   * Places the layers.
   *
   * @param terms on what terms
   * @return the stages in the order of layers
   * @throws dev.loquat.error.OutOfMemoryException if they don't fit
   */
  public List<StageNeed> place(PlanTerms terms) {
    StagePlacement placement = placement(terms);
    return placement.find().orElseThrow(() -> new StageShortage(placement).explain());
  }

  /**
   * What the layers would need in other precisions.
   *
   * @param terms batch and context that shall fit; its precision does not count
   * @return what a precision is chosen by
   */
  public PrecisionTrial trial(PlanTerms terms) {
    return new PrecisionTrial() {
      @Override
      public boolean isSupported(Precision precision) {
        PlanTerms other = terms.withPrecision(precision);
        return devices.stream()
            .map(Device::forBackend)
            .allMatch(device -> other.areSupported(provider, checkpoint.config(), device));
      }

      @Override
      public Room room(Precision precision) {
        StagePlacement placement = placement(terms.withPrecision(precision));
        return new Room(placement.find().isPresent(), placement.bytes(), available());
      }
    };
  }

  /**
   * The most generations side by side that fit.
   *
   * @param terms precision and context length
   * @param most no more are looked for
   * @return 0 if not even one fits
   */
  public int largestBatch(PlanTerms terms, int most) {
    return MemoryPlanner.largest(1, most, batch -> fits(terms.withBatch(batch)));
  }

  /**
   * Plans in full.
   *
   * @param terms on what terms
   * @return the plan, which does not fit where the layers don't
   */
  public MemoryPlan plan(PlanTerms terms) {
    StagePlacement placement = placement(terms);
    Optional<List<StageNeed>> fitting = placement.find();
    List<StageNeed> stages = fitting.orElseGet(placement::nearest);
    return new MemoryPlan(
        together(stages, terms),
        List.of(),
        largestBatch(terms, MemoryPlan.MAX_BATCH),
        largestContext(terms),
        fitting.isPresent() ? Optional.empty() : new Remedy(new OnMap()).find(terms),
        stages,
        List.of());
  }

  private int largestContext(PlanTerms terms) {
    int slots = terms.layout().slots();
    return MemoryPlanner.largest(
        MemoryPlanner.SHORTEST_CONTEXT,
        checkpoint.config().contextLength(),
        context -> fits(terms.withLayout(slots, context)));
  }

  private final class OnMap implements Remedy.Trial {
    @Override
    public int largestBatch(PlanTerms terms, int most) {
      return StagePlanner.this.largestBatch(terms, most);
    }

    @Override
    public int largestContext(PlanTerms terms) {
      return StagePlanner.this.largestContext(terms);
    }

    @Override
    public MemoryNeed need(PlanTerms terms) {
      return together(place(terms), terms);
    }

    @Override
    public Stream<PlanTerms> otherPrecisions(PlanTerms terms) {
      PrecisionTrial trial = trial(terms);
      return Stream.of(Precision.values())
          .filter(precision -> precision != terms.precision() && precision != Precision.AUTO)
          .filter(trial::isSupported)
          .map(terms::withPrecision);
    }
  }

  private boolean fits(PlanTerms terms) {
    return placement(terms).find().isPresent();
  }

  private StagePlacement placement(PlanTerms terms) {
    return new StagePlacement(
        map, devices, capacities, new StageCosts(checkpoint, provider, half, terms));
  }

  private MemoryNeed together(List<StageNeed> stages, PlanTerms terms) {
    StageCosts costs = new StageCosts(checkpoint, provider, half, terms);
    List<MemoryEstimate> estimates =
        stages.stream().map(stage -> costs.estimate(stage.layers(), stage.device())).toList();
    return new MemoryNeed(
        provider.name(),
        stages.get(0).device(),
        estimates.get(0).precision(),
        1,
        terms.layout().slots(),
        terms.layout().contextLength(),
        stages.stream().map(StageNeed::onDevice).reduce(between(stages, terms), StagePlanner::sum),
        onHost(estimates),
        available());
  }

  /** Buffers of steps, as the stages' own. */
  private DeviceShare between(List<StageNeed> stages, PlanTerms terms) {
    boolean isPipeline = stages.size() > 1 || stages.get(0).device().kind() == DeviceKind.DISK;
    int lanes = stages.size() > 1 ? map.lanes() : 1;
    long bytes = isPipeline ? new BetweenStages(checkpoint.config(), lanes).bytes(terms) : 0;
    return new DeviceShare(0, 0, bytes, 0);
  }

  private static DeviceShare sum(DeviceShare one, DeviceShare other) {
    return new DeviceShare(
        one.weightBytes() + other.weightBytes(),
        one.cacheBytes() + other.cacheBytes(),
        one.workspaceBytes() + other.workspaceBytes(),
        one.loadingBytes() + other.loadingBytes());
  }

  private HostShare onHost(List<MemoryEstimate> estimates) {
    return new HostShare(
        processBytes,
        RuntimeMemory.bytes(checkpoint.folder())
            + estimates.stream().mapToLong(MemoryEstimate::codeBytes).max().orElseThrow(),
        estimates.stream().mapToLong(estimate -> estimate.loading().mappedBytes()).sum(),
        estimates.stream().mapToLong(estimate -> estimate.steps().mappedBytes()).sum());
  }

  private long available() {
    return capacities.containsValue(DeviceInfo.UNKNOWN)
        ? DeviceInfo.UNKNOWN
        : capacities.keySet().stream()
            .filter(device -> device.kind() != DeviceKind.DISK)
            .mapToLong(device -> capacities.getOrDefault(device, 0L))
            .sum();
  }

  private void requireAllLayers() {
    if (map.layers().isEmpty()) {
      return;
    }
    int mapped = map.layers().keySet().stream().mapToInt(LayerSpan::end).max().orElseThrow();
    int layers = checkpoint.config().layers().size();
    if (mapped != layers) {
      throw new DeviceMapException(
          "The device map ends with layer "
              + (mapped - 1)
              + ", but the model's last is layer "
              + (layers - 1)
              + ": the ranges are "
              + new TreeMap<>(map.layers())
              + ". Map every layer once, from 0 to "
              + (layers - 1)
              + ".");
    }
  }
}
