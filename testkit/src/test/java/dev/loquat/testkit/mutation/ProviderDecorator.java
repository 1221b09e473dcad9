package dev.loquat.testkit.mutation;

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
import dev.loquat.testkit.reference.ReferenceBackendProvider;

/** A right provider, to be spoilt by overriding one method. */
public class ProviderDecorator implements BackendProvider {
  private final BackendProvider right;

  public ProviderDecorator() {
    this(new ReferenceBackendProvider());
  }

  public ProviderDecorator(BackendProvider right) {
    this.right = right;
  }

  @Override
  public String name() {
    return right.name();
  }

  @Override
  public int priority(Device device) {
    return right.priority(device);
  }

  @Override
  public Support supports(Device device) {
    return right.supports(device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return right.supports(model, device, precision);
  }

  @Override
  public Support supportsCache(Device device, Precision precision, Precision cache) {
    return right.supportsCache(device, precision, cache);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return right.estimate(checkpoint, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return right.open(checkpoint, options);
  }

  @Override
  public Support supportsParts() {
    return right.supportsParts();
  }

  @Override
  public MemoryEstimate estimate(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    return right.estimate(checkpoint, range, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
    return right.open(checkpoint, range, options);
  }
}
