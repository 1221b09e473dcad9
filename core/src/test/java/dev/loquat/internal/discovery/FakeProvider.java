package dev.loquat.internal.discovery;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import java.util.Map;

/** A provider that answers as it is told and opens nothing. */
record FakeProvider(
    String name, int priority, Map<DeviceKind, Support> devices, Support modelSupport)
    implements BackendProvider {

  @Override
  public int priority(Device device) {
    return priority;
  }

  @Override
  public Support supports(Device device) {
    return devices.getOrDefault(device.kind(), Support.no("it has no kernels for " + device));
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return modelSupport;
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    throw new UnsupportedOperationException();
  }
}
