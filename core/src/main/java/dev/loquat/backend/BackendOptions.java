package dev.loquat.backend;

import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.util.Objects;

/**
 * Where and how a backend loads a model.
 *
 * @param device the device
 * @param precision the precision asked for
 * @param threads how many threads a CPU computes with; {@link #AUTO_THREADS} lets the backend
 *     choose
 */
public record BackendOptions(Device device, Precision precision, int threads) {
  /** Lets the backend choose the number of threads. */
  public static final int AUTO_THREADS = 0;

  /** Checks the number of threads. */
  public BackendOptions {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(precision, "precision");
    if (threads < 0) {
      throw new IllegalArgumentException("threads is " + threads + "; expected 0 (auto) or more");
    }
  }
}
