package dev.loquat;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.DeviceMemory;
import dev.loquat.device.PhysicalCores;
import dev.loquat.device.Precision;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.discovery.BackendQuery;
import dev.loquat.internal.discovery.BackendRegistry;
import dev.loquat.internal.planning.ChosenPrecision;
import dev.loquat.internal.planning.KeptAdvice;
import dev.loquat.internal.planning.MemoryPlanner;
import dev.loquat.internal.planning.PlanTerms;
import dev.loquat.internal.planning.PrecisionChooser;
import dev.loquat.memory.DeviceShare;
import dev.loquat.memory.MemoryAccount;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.ProcessMemory;
import dev.loquat.memory.StageNeed;
import dev.loquat.quantization.ConversionCache;
import java.util.Collections;
import java.util.List;

/** Plans a model on one device. */
final class ModelPlanning implements Planning {
  private final LoadOptions options;
  private final int contextLength;
  private final BackendRegistry registry;
  private final BackendQuery query;
  private final BackendChoice choice;
  private final List<Device> replicas;
  private final int together;
  private final MemoryPlanner planner;
  private final ChosenPrecision precision;

  ModelPlanning(LoadOptions options, Checkpoint checkpoint) {
    this.options = options;
    ModelConfig config = checkpoint.config();
    contextLength = options.contextOf(config);
    options.requireHalf();
    registry = BackendRegistry.load();
    query =
        new BackendQuery(
            config,
            options.precisionToFind(),
            options.half().pure(),
            options.cachePrecision(),
            DeviceDiscovery.search(),
            options.device(),
            options.backend());
    choice = registry.choose(query);
    replicas = ReplicaDevices.of(options.replicas().count(), choice, registry, query);
    together = Collections.frequency(replicas, choice.device());
    planner =
        new MemoryPlanner(
            checkpoint,
            options.effectiveHalf(),
            this::availableBytes,
            ProcessMemory.current().residentBytes(),
            together);
    precision = precision(checkpoint);
  }

  private ChosenPrecision precision(Checkpoint checkpoint) {
    Precision asked = options.precision();
    if (asked != Precision.AUTO) {
      return new ChosenPrecision(asked, asked, "");
    }
    PrecisionAdvice advice = KeptAdvice.OF_PROCESS.of(choice, checkpoint, threads());
    int batch = Math.max(1, options.batch());
    CacheLayout least = new CacheLayout(batch, contextLength);
    return new PrecisionChooser(planner.trial(choice, terms(asked, least)), advice).choose();
  }

  private long availableBytes(Device device) {
    long free = new DeviceMemory().freeBytes(device);
    long limit = options.memoryLimit();
    return free == DeviceInfo.UNKNOWN && limit != LoadOptions.NO_LIMIT
        ? limit
        : Math.min(free, limit);
  }

  /** The KV cache gets what the limit leaves; replicas on one device share it evenly. */
  @Override
  public MemoryLedger ledger(CacheLayout layout) {
    if (options.memoryLimit() == LoadOptions.NO_LIMIT) {
      return MemoryLedger.unlimited();
    }
    MemoryNeed need = planner.need(choice, terms(layout));
    MemoryLedger ledger = MemoryLedger.of(Math.max(1, options.memoryLimit() / together));
    DeviceShare share = need.onDevice().dividedBy(together);
    ledger.reserve(MemoryOwner.WEIGHTS, share.weightBytes(), "the weights");
    long runtime = (need.neededBytes() - need.onDevice().peakBytes()) / together;
    try (MemoryAccount loading = ledger.open(MemoryOwner.WORKSPACE, "loading")) {
      loading.hold(share.loadingBytes() + runtime, "loading the weights");
    }
    ledger.reserve(
        MemoryOwner.WORKSPACE, share.workspaceBytes() + runtime, "the workspace of steps");
    return ledger;
  }

  @Override
  public List<Device> replicas() {
    return replicas;
  }

  @Override
  public BackendOptions backendOptions(Device device, ConversionCache cache, MemoryLedger ledger) {
    return new BackendOptions(
        device,
        precision.precision(),
        threads(),
        cache,
        ledger,
        options.effectiveHalf(),
        options.cachePrecision());
  }

  /** Replicas on a CPU share its cores. */
  private int threads() {
    boolean isShared = together > 1 && choice.device().kind() == DeviceKind.CPU;
    return isShared && options.threads() == BackendOptions.AUTO_THREADS
        ? Math.max(1, PhysicalCores.count() / together)
        : options.threads();
  }

  @Override
  public ChosenPrecision precision() {
    return precision;
  }

  @Override
  public BackendChoice choice() {
    return choice;
  }

  @Override
  public MemoryPlan plan() {
    List<BackendChoice> others =
        registry.everywhere(query).stream().filter(this::isElsewhere).toList();
    MemoryPlan plan = planner.plan(choice, others, terms(layout()));
    return plan.withPrecision(precision.explain(plan.need().precision())).withReplicas(replicas);
  }

  @Override
  public MemoryNeed need() {
    return planner.need(choice, terms(layout()));
  }

  /** One slot is tried in any case. */
  @Override
  public CacheLayout layout() {
    if (options.batch() != LoadOptions.PLANNED_BATCH) {
      return new CacheLayout(options.batch(), contextLength);
    }
    PlanTerms alone = terms(new CacheLayout(1, contextLength));
    int fitting = planner.largestBatch(choice, alone, ModelLoader.DEFAULT_BATCH);
    return new CacheLayout(Math.max(1, fitting), contextLength);
  }

  @Override
  public List<StageNeed> stages() {
    return List.of();
  }

  @Override
  public int lanes() {
    return 1;
  }

  private PlanTerms terms(CacheLayout layout) {
    return terms(precision.precision(), layout);
  }

  private PlanTerms terms(Precision asked, CacheLayout layout) {
    return new PlanTerms(
        asked,
        layout,
        options.stepTokens(),
        threads(),
        options.cachePrecision(),
        options.keptConversions());
  }

  private boolean isElsewhere(BackendChoice other) {
    Device here = choice.device();
    return !other.device().equals(here);
  }
}
