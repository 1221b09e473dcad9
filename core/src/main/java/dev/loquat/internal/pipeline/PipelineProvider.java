package dev.loquat.internal.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.PhysicalCores;
import dev.loquat.device.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * Another backend, which loads one model in stages that were planned.
 *
 * <p>Immutable. Where stages compute at the same time, the threads of the processor are divided
 * among those that lie on it, at least one for each; where they take turns, each has all.
 */
public final class PipelineProvider implements BackendProvider {
  private final BackendProvider provider;
  private final List<PlannedStage> stages;
  private final MicroBatches microBatches;

  /**
   * Creates it.
   *
   * @param provider the backend of every stage; supports parts
   * @param stages the stages in the order of layers, which are all of the model's
   * @param microBatches into how many parts each step is divided, or {@link
   *     dev.loquat.device.DeviceMap#BY_STEP}
   * @param lanes how many of its sessions compute at the same time, 1 or more
   */
  public PipelineProvider(
      BackendProvider provider, List<PlannedStage> stages, int microBatches, int lanes) {
    this.provider = provider;
    this.stages = List.copyOf(stages);
    this.microBatches = new MicroBatches(this.stages.size(), devices(), lanes, microBatches);
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public int priority(Device device) {
    return provider.priority(device);
  }

  @Override
  public Support supports(Device device) {
    return provider.supports(device.physical());
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return provider.supports(model, device.physical(), precision);
  }

  @Override
  public Support supportsPureHalf(Device device) {
    return provider.supportsPureHalf(device.physical());
  }

  @Override
  public Support supportsCache(Device device, Precision precision, Precision cache) {
    return provider.supportsCache(device.physical(), precision, cache);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return provider.estimate(checkpoint, options, use);
  }

  /** The device of the options is of no account: each stage has its own. */
  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    ModelConfig config = checkpoint.config();
    List<Stage> opened = new ArrayList<>();
    try {
      for (PlannedStage stage : stages) {
        opened.add(open(stage, checkpoint, options));
      }
    } catch (RuntimeException | Error e) {
      opened.forEach(stage -> stage.backend().close());
      throw e;
    }
    return new PipelineBackend(opened, ModelWidth.of(config), microBatches);
  }

  private Stage open(PlannedStage stage, Checkpoint checkpoint, BackendOptions options) {
    LayerRange range =
        new LayerRange(
            stage.layers().first(), stage.layers().end(), checkpoint.config().layers().size());
    Backend backend = provider.open(checkpoint, range, options(stage, options));
    return Stage.of(stage.layers(), stage.device(), backend);
  }

  private BackendOptions options(PlannedStage stage, BackendOptions options) {
    return new BackendOptions(
        stage.device().forBackend(),
        options.precision(),
        threads(stage, options.threads()),
        options.conversionCache(),
        stage.ledger(),
        options.half(),
        options.cachePrecision(),
        options.afterLoad());
  }

  private int threads(PlannedStage stage, int threads) {
    if (stage.device().physical().kind() != DeviceKind.CPU || !microBatches.computeTogether()) {
      return threads;
    }
    int all = threads == BackendOptions.AUTO_THREADS ? PhysicalCores.count() : threads;
    List<PlannedStage> onCpu =
        stages.stream()
            .filter(other -> other.device().physical().kind() == DeviceKind.CPU)
            .toList();
    int share = all / onCpu.size();
    boolean getsOneMore = onCpu.indexOf(stage) < all % onCpu.size();
    return Math.max(1, getsOneMore ? share + 1 : share);
  }

  private int devices() {
    return (int) stages.stream().map(stage -> stage.device().physical()).distinct().count();
  }
}
