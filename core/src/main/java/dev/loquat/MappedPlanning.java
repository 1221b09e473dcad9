package dev.loquat;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.DeviceMemory;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.pipeline.PipelineProvider;
import dev.loquat.internal.pipeline.PlannedStage;
import dev.loquat.internal.planning.ChosenPrecision;
import dev.loquat.internal.planning.KeptAdvice;
import dev.loquat.internal.planning.PlanTerms;
import dev.loquat.internal.planning.PrecisionChooser;
import dev.loquat.internal.planning.StagePlanner;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.ProcessMemory;
import dev.loquat.memory.StageNeed;
import dev.loquat.quantization.ConversionCache;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plans a model that a map spreads over devices. */
final class MappedPlanning implements Planning {
  private final LoadOptions options;
  private final DeviceMap map;
  private final MappedDevices devices;
  private final StagePlanner planner;
  private final ChosenPrecision precision;
  private final CacheLayout layout;
  private final List<StageNeed> stages;

  MappedPlanning(LoadOptions options, DeviceMap map, Checkpoint checkpoint) {
    this.options = options;
    this.map = map;
    requireCombinable();
    int context = options.contextOf(checkpoint.config());
    devices = MappedDevices.find(options, map, checkpoint.config());
    planner =
        new StagePlanner(
            checkpoint,
            devices.provider(),
            map,
            devices.devices(),
            options.effectiveHalf(),
            device -> new DeviceMemory().freeBytes(device),
            ProcessMemory.current().residentBytes());
    precision = precision(checkpoint, context);
    layout = new CacheLayout(slots(context), context);
    stages = planner.stages(terms(layout));
    requireParts();
    requireLanes();
  }

  @Override
  public BackendChoice choice() {
    BackendProvider provider =
        isWhole()
            ? devices.provider()
            : new PipelineProvider(devices.provider(), planned(), map.microBatches(), map.lanes());
    return new BackendChoice(provider, stages.get(0).device().physical());
  }

  @Override
  public CacheLayout layout() {
    return layout;
  }

  /** Every device of a pipeline has a ledger of its own. */
  @Override
  public MemoryLedger ledger(CacheLayout unused) {
    return isWhole() ? ledger(stages.get(0).device()) : MemoryLedger.unlimited();
  }

  @Override
  public List<Device> replicas() {
    return List.of(stages.get(0).device().physical());
  }

  @Override
  public BackendOptions backendOptions(Device device, ConversionCache cache, MemoryLedger ledger) {
    return new BackendOptions(
        device,
        precision.precision(),
        options.threads(),
        cache,
        ledger,
        options.effectiveHalf(),
        options.cachePrecision());
  }

  @Override
  public ChosenPrecision precision() {
    return precision;
  }

  @Override
  public void requirePlaced() {
    List<StageNeed> unused = planner.place(terms(layout));
  }

  @Override
  public MemoryPlan plan() {
    MemoryPlan plan = planner.plan(terms(layout));
    return plan.withPrecision(precision.explain(plan.need().precision()));
  }

  @Override
  public MemoryNeed need() {
    return plan().need();
  }

  @Override
  public List<StageNeed> stages() {
    return stages;
  }

  @Override
  public int lanes() {
    return stages.size() == 1 ? 1 : map.lanes();
  }

  /** Whether a backend loads the model as it would without a map. */
  private boolean isWhole() {
    return stages.size() == 1 && stages.get(0).device().kind() != DeviceKind.DISK;
  }

  private List<PlannedStage> planned() {
    Map<Device, MemoryLedger> ledgers = new HashMap<>();
    stages.forEach(stage -> ledgers.computeIfAbsent(stage.device(), this::ledger));
    return stages.stream()
        .map(
            stage ->
                new PlannedStage(
                    stage.layers(),
                    stage.device(),
                    ledgers.getOrDefault(stage.device(), MemoryLedger.unlimited())))
        .toList();
  }

  /** What the device's layers hold at once; their KV caches get what its limit leaves. */
  private MemoryLedger ledger(Device device) {
    Long limit = map.limits().get(device);
    if (limit == null) {
      return MemoryLedger.unlimited();
    }
    MemoryLedger ledger = MemoryLedger.of(limit);
    for (StageNeed stage : stages) {
      if (stage.device().equals(device)) {
        String layers = "layers " + stage.layers() + " on " + device;
        ledger.reserve(
            MemoryOwner.WEIGHTS, stage.onDevice().weightBytes(), "the weights of " + layers);
        ledger.reserve(
            MemoryOwner.WORKSPACE, stage.onDevice().workspaceBytes(), "the workspace of " + layers);
      }
    }
    return ledger;
  }

  /** The first device's advice goes for all. */
  private ChosenPrecision precision(Checkpoint checkpoint, int context) {
    Precision asked = options.precision();
    if (asked != Precision.AUTO) {
      return new ChosenPrecision(asked, asked, "");
    }
    BackendChoice first =
        new BackendChoice(devices.provider(), devices.devices().get(0).physical());
    PrecisionAdvice advice = KeptAdvice.OF_PROCESS.of(first, checkpoint, options.threads());
    PlanTerms least = terms(asked, new CacheLayout(Math.max(1, options.batch()), context));
    return new PrecisionChooser(planner.trial(least), advice).choose();
  }

  private int slots(int context) {
    if (options.batch() != LoadOptions.PLANNED_BATCH) {
      return options.batch();
    }
    PlanTerms alone = terms(new CacheLayout(1, context));
    return Math.max(1, planner.largestBatch(alone, ModelLoader.DEFAULT_BATCH));
  }

  private PlanTerms terms(CacheLayout slots) {
    return terms(precision.precision(), slots);
  }

  private PlanTerms terms(Precision asked, CacheLayout slots) {
    return new PlanTerms(
        asked,
        slots,
        options.stepTokens(),
        options.threads(),
        options.cachePrecision(),
        options.keptConversions());
  }

  private void requireCombinable() {
    options.requireHalf();
    if (options.replicas().count() > 1) {
      throw new IllegalArgumentException(
          "replicas can't be combined with onDevices; load one pipeline, or replicas on one device"
              + " each");
    }
    if (options.draftSource().isPresent()) {
      throw new IllegalArgumentException(
          "draftModel can't be combined with onDevices; speculate with PROMPT_LOOKUP, or load on one"
              + " device");
    }
    if (options.memoryLimit() != LoadOptions.NO_LIMIT) {
      throw new IllegalArgumentException(
          "memoryLimit is for one device; with onDevices, give each device its own by"
              + " DeviceMap.limit");
    }
  }

  private void requireLanes() {
    if (lanes() > layout.slots()) {
      throw new IllegalArgumentException(
          "The map has "
              + map.lanes()
              + " lanes for a batch of "
              + layout.slots()
              + ", but each needs a slot; set a larger batch or fewer lanes");
    }
  }

  private void requireParts() {
    if (!isWhole() && devices.provider().supportsParts() instanceof Support.Unsupported no) {
      throw new BackendUnavailableException(
          "The backend '"
              + devices.provider().name()
              + "' can't spread a model over "
              + stages.stream().map(StageNeed::device).toList()
              + ": "
              + no.reason()
              + ". Load the model on one device, or choose another backend.");
    }
  }
}
