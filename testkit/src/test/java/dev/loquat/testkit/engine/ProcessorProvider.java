package dev.loquat.testkit.engine;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;

/** A backend of a test: for the processor, every model and precision, and chosen by name only. */
abstract class ProcessorProvider implements BackendProvider {
  private final String name;

  ProcessorProvider(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public final Support supports(Device device) {
    return device.equals(Device.cpu()) ? Support.yes() : Support.no("it runs on cpu only");
  }

  @Override
  public final Support supports(ModelConfig model, Device device, Precision precision) {
    return supports(device);
  }
}
