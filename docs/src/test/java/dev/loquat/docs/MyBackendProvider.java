package dev.loquat.docs;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import dev.loquat.testkit.reference.ReferenceBackendProvider;

/** docs/guide/backend-authors.md: a provider whose engine is the test kit's reference. */
public final class MyBackendProvider implements BackendProvider {
  private final BackendProvider engine = new ReferenceBackendProvider();

  @Override
  public String name() {
    return "mine";
  }

  @Override
  public int priority(Device device) {
    return 50;
  }

  @Override
  public Support supports(Device device) {
    return device.kind() == DeviceKind.CPU
        ? Support.yes()
        : Support.no("This backend has no kernels for " + device + "; choose cpu");
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return supports(device);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return engine.estimate(checkpoint, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return engine.open(checkpoint, options);
  }
}
