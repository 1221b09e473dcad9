package dev.loquat.testkit.planning;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.Support;
import dev.loquat.backend.WorkingMemory;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import java.util.function.Consumer;

/**
 * Weighs a model: a thousand bytes in FP32, half of that in FP16, nothing else supported; ten bytes
 * for each position of the cache.
 */
final class WeighedProvider implements BackendProvider {
  static final long WEIGHTS = 1000;
  static final long POSITION = 10;

  private final Consumer<BackendOptions> asked;

  WeighedProvider() {
    this(options -> {});
  }

  /** Tells what it is asked to estimate. */
  WeighedProvider(Consumer<BackendOptions> asked) {
    this.asked = asked;
  }

  @Override
  public String name() {
    return "weighed";
  }

  @Override
  public int priority(Device device) {
    return 0;
  }

  @Override
  public Support supports(Device device) {
    return Support.yes();
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return precision == Precision.FP32 || precision == Precision.FP16
        ? Support.yes()
        : Support.no("not weighed");
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    asked.accept(options);
    return new MemoryEstimate(
        EffectivePrecision.asRequested(options.precision()),
        options.precision() == Precision.FP32 ? WEIGHTS : WEIGHTS / 2,
        0,
        use.layout().positions() * POSITION,
        WorkingMemory.NONE,
        WorkingMemory.NONE,
        0);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    throw new UnsupportedOperationException();
  }
}
