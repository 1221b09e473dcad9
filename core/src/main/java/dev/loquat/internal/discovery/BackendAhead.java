package dev.loquat.internal.discovery;

import dev.loquat.device.Device;
import java.lang.System.Logger;
import java.util.Optional;

/**
 * Has a backend unpack and load its native library while the checkpoint is still read and devices
 * are looked for, on a thread that ends with that. What it answers here is of no account: it is
 * asked again when a backend is chosen.
 */
public final class BackendAhead {
  private static final Logger LOGGER = System.getLogger(BackendAhead.class.getName());

  private BackendAhead() {}

  /**
   * Begins, if there is a backend on the path that is sure to be asked: the one that is named, or
   * the first to be asked of a device that is demanded, or the only one.
   *
   * @param backend its name, if one is demanded
   * @param device the device, if one is demanded
   */
  public static void begin(Optional<String> backend, Optional<Device> device) {
    Thread thread = new Thread(() -> ask(backend, device), "loquat-backend-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  private static void ask(Optional<String> backend, Optional<Device> device) {
    try {
      BackendRegistry.load()
          .firstAsked(backend, device)
          .map(provider -> Answer.of(provider, Device.cpu()))
          .ifPresent(answer -> LOGGER.log(Logger.Level.DEBUG, "The backend answers {0}", answer));
    } catch (RuntimeException | LinkageError | AssertionError e) {
      LOGGER.log(Logger.Level.DEBUG, "Whoever loads the model is told of it", e);
    }
  }
}
