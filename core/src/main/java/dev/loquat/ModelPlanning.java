package dev.loquat;

import dev.loquat.backend.CacheLayout;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceMemory;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.discovery.BackendQuery;
import dev.loquat.internal.discovery.BackendRegistry;
import dev.loquat.internal.planning.MemoryPlanner;
import dev.loquat.internal.planning.PlanTerms;
import dev.loquat.memory.DeviceShare;
import dev.loquat.memory.MemoryAccount;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.ProcessMemory;
import java.util.List;

/** Where an open checkpoint would run, with which batch, and what that takes. */
final class ModelPlanning {
  private final LoadOptions options;
  private final ModelConfig config;
  private final BackendRegistry registry;
  private final BackendQuery query;
  private final BackendChoice choice;
  private final MemoryPlanner planner;

  ModelPlanning(LoadOptions options, Checkpoint checkpoint) {
    this.options = options;
    config = checkpoint.config();
    requireContext();
    registry = BackendRegistry.load();
    query =
        new BackendQuery(
            config,
            options.precision(),
            DeviceDiscovery.search(),
            options.device(),
            options.backend());
    choice = registry.choose(query);
    planner =
        new MemoryPlanner(
            checkpoint, this::availableBytes, ProcessMemory.current().residentBytes());
  }

  private long availableBytes(Device device) {
    long free = new DeviceMemory().freeBytes(device);
    long limit = options.memoryLimit();
    return free == DeviceInfo.UNKNOWN && limit != LoadOptions.NO_LIMIT
        ? limit
        : Math.min(free, limit);
  }

  /**
   * Accounts for what a model of this layout takes at once, so that its KV cache gets what the
   * limit leaves.
   *
   * @throws dev.loquat.error.OutOfMemoryException if the limit leaves nothing
   */
  MemoryLedger ledger(CacheLayout layout) {
    if (options.memoryLimit() == LoadOptions.NO_LIMIT) {
      return MemoryLedger.unlimited();
    }
    MemoryNeed need = planner.need(choice, terms(layout));
    MemoryLedger ledger = MemoryLedger.of(options.memoryLimit());
    DeviceShare share = need.onDevice();
    ledger.open(MemoryOwner.WEIGHTS).hold(share.weightBytes(), "the weights");
    MemoryAccount workspace = ledger.open(MemoryOwner.WORKSPACE);
    long runtime = need.neededBytes() - share.peakBytes();
    workspace.hold(share.loadingBytes() + runtime, "loading the weights");
    workspace.hold(share.workspaceBytes() + runtime, "the workspace of steps");
    return ledger;
  }

  BackendChoice choice() {
    return choice;
  }

  MemoryPlan plan() {
    List<BackendChoice> others =
        registry.everywhere(query).stream().filter(this::isElsewhere).toList();
    return planner.plan(choice, others, terms(layout()));
  }

  /** The slots asked for, or as many as fit; one is tried in any case. */
  CacheLayout layout() {
    int context = contextLength();
    if (options.batch() != LoadOptions.PLANNED_BATCH) {
      return new CacheLayout(options.batch(), context);
    }
    PlanTerms alone = terms(new CacheLayout(1, context));
    int fitting = planner.largestBatch(choice, alone, ModelLoader.DEFAULT_BATCH);
    return new CacheLayout(Math.max(1, fitting), context);
  }

  private PlanTerms terms(CacheLayout layout) {
    return new PlanTerms(options.precision(), layout, options.stepTokens(), options.threads());
  }

  private boolean isElsewhere(BackendChoice other) {
    Device here = choice.device();
    return !other.device().equals(here);
  }

  private int contextLength() {
    int wanted = options.contextLength();
    return wanted == LoadOptions.MODEL_CONTEXT ? config.contextLength() : wanted;
  }

  private void requireContext() {
    if (options.contextLength() > config.contextLength()) {
      throw new IllegalArgumentException(
          "contextLength is "
              + options.contextLength()
              + "; this model was made for at most "
              + config.contextLength()
              + " tokens");
    }
  }
}
