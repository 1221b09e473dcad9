package dev.loquat.testkit.reference;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.DeviceUnavailableException;

/**
 * The backend "reference": {@link ReferenceDecoder} with a KV cache. Runs every model that core
 * describes, on the CPU, slowly.
 *
 * <p>The test kit does not register it as a service, so that it never runs a model by accident; a
 * test that wants it names it in {@code META-INF/services} of its own resources.
 */
public final class ReferenceBackendProvider implements BackendProvider {

  /** Creates the provider. */
  public ReferenceBackendProvider() {}

  @Override
  public String name() {
    return "reference";
  }

  /** The lowest: any other backend is the better choice. */
  @Override
  public int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public Support supports(Device device) {
    return device.equals(Device.cpu())
        ? Support.yes()
        : Support.no("The reference backend runs on cpu only, not on " + device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return supports(device);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return open(checkpoint, LayerRange.all(checkpoint.config()), options);
  }

  @Override
  public Support supportsParts() {
    return Support.yes();
  }

  @Override
  public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
    if (supports(options.device()) instanceof Support.Unsupported unsupported) {
      throw new DeviceUnavailableException(unsupported.reason() + "; choose cpu.");
    }
    requireCache(options);
    long weightBytes = checkpoint.weightBytes() * range.count() / range.total();
    return new ReferenceBackend(
        new ReferenceDecoder(checkpoint, range), options.precision(), weightBytes);
  }
}
