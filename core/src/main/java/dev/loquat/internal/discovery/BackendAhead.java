package dev.loquat.internal.discovery;

import dev.loquat.backend.BackendProvider;
import dev.loquat.device.Device;
import dev.loquat.error.BackendUnavailableException;
import java.util.Optional;

/**
 * Has a backend unpack and load its native library while the checkpoint is still read and devices
 * are looked for, on a thread that ends with that. What it answers here is of no account: it is
 * asked again when a backend is chosen.
 */
public final class BackendAhead {
  private BackendAhead() {}

  /**
   * Begins, if there is a backend on the path that is sure to be asked: the one that is named, or
   * the first to be asked of a device that is demanded, or the only one.
   *
   * @param backend its name, if one is demanded
   * @param device the device, if one is demanded
   */
  public static void begin(Optional<String> backend, Optional<Device> device) {
    Thread thread =
        new Thread(
            () -> first(backend, device).ifPresent(BackendAhead::ask), "loquat-backend-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  private static void ask(BackendProvider provider) {
    var unused = Answer.of(provider, Device.cpu());
  }

  private static Optional<BackendProvider> first(
      Optional<String> backend, Optional<Device> device) {
    try {
      return BackendRegistry.load().firstAsked(backend, device);
    } catch (BackendUnavailableException e) {
      return Optional.empty(); // told by whoever loads the model
    }
  }
}
