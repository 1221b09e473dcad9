package dev.loquat.internal.discovery;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;

/** A provider whose native library's classes are not on the path. */
record IncompleteProvider(String name, int priority, Error failure) implements BackendProvider {

  IncompleteProvider(String name, int priority) {
    this(
        name,
        priority,
        (NoClassDefFoundError)
            new NoClassDefFoundError("half/Tensor")
                .initCause(new ClassNotFoundException("half.Tensor")));
  }

  @Override
  public int priority(Device device) {
    return priority;
  }

  @Override
  public Support supports(Device device) {
    throw failure;
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return supports(device);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    throw new UnsupportedOperationException();
  }
}
