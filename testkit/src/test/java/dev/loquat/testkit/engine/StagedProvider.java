package dev.loquat.testkit.engine;

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
import dev.loquat.device.Precision;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;

/**
 * The backend "staged": what the test of this thread put on stage. A service is created without
 * arguments, so that a test can't hand it a script otherwise.
 */
public final class StagedProvider implements BackendProvider {
  static final String NAME = "staged";

  private static final ThreadLocal<BackendProvider> STAGE =
      ThreadLocal.withInitial(ScriptedBackendProvider::new);

  static void put(BackendProvider provider) {
    STAGE.set(provider);
  }

  static void clear() {
    STAGE.remove();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public Support supports(Device device) {
    return STAGE.get().supports(device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return STAGE.get().supports(model, device, precision);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return STAGE.get().estimate(checkpoint, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return STAGE.get().open(checkpoint, options);
  }

  @Override
  public Support supportsParts() {
    return STAGE.get().supportsParts();
  }

  @Override
  public MemoryEstimate estimate(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    return STAGE.get().estimate(checkpoint, range, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
    return STAGE.get().open(checkpoint, range, options);
  }
}
