package dev.loquat.device;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.PointerByReference;
import java.time.Duration;
import java.util.Optional;

/**
 * Measures how long a CUDA device computes, by two of its events on the default stream, in the
 * primary context that CUDA's runtime uses too.
 *
 * <p>Recording costs some microseconds and waits for nothing; {@link #elapsed} waits for the device
 * to come to the second event. What runs on streams that don't wait for the default one is not
 * measured. Whatever fails, fails silently: there is no time then.
 *
 * <p>Not thread-safe. The caller closes it.
 */
public final class CudaTimer implements AutoCloseable {
  private final Driver driver;
  private final int device;
  private final Pointer context;
  private final Pointer start;
  private final Pointer stop;
  private boolean isStarted;
  private boolean isStopped;
  private boolean isClosed;

  private CudaTimer(Driver driver, int device, Pointer context) throws DriverException {
    this.driver = driver;
    this.device = device;
    this.context = context;
    PointerByReference first = new PointerByReference();
    PointerByReference second = new PointerByReference();
    inContext(
        () -> {
          driver.call("cuEventCreate", first, 0);
          driver.call("cuEventCreate", second, 0);
        });
    start = first.getValue();
    stop = second.getValue();
  }

  /**
   * Creates the events.
   *
   * @param device a CUDA device whose primary context is in use already, so that nothing is taken
   *     of its memory
   * @return the timer; empty if the driver can't measure
   * @throws IllegalArgumentException if it is a device of another kind
   */
  public static Optional<CudaTimer> open(Device device) {
    if (device.kind() != DeviceKind.CUDA) {
      throw new IllegalArgumentException(device + " is no CUDA device");
    }
    return open(Machine.current(), device.index());
  }

  static Optional<CudaTimer> open(Machine machine, int index) {
    try {
      Driver driver = new CudaSearch(machine).open();
      int handle = driver.handle("cuDeviceGet", index);
      PointerByReference context = new PointerByReference();
      driver.call("cuDevicePrimaryCtxRetain", context, handle);
      return Optional.of(new CudaTimer(driver, handle, context.getValue()));
    } catch (DriverException e) {
      return Optional.empty();
    }
  }

  /** Notes on the device where the measurement begins. */
  public void start() {
    isStopped = false;
    isStarted = record(start);
  }

  /** Notes on the device where the measurement ends. */
  public void stop() {
    isStopped = isStarted && record(stop);
  }

  /**
   * How long the device took between the two; waits for it.
   *
   * @return the time; empty unless both were noted
   */
  public Optional<Duration> elapsed() {
    if (!isStopped || isClosed) {
      return Optional.empty();
    }
    FloatByReference millis = new FloatByReference();
    try {
      inContext(
          () -> {
            driver.call("cuEventSynchronize", stop);
            driver.call("cuEventElapsedTime", millis, start, stop);
          });
    } catch (DriverException e) {
      return Optional.empty();
    }
    float told = millis.getValue();
    return told >= 0 ? Optional.of(Duration.ofNanos((long) (told * 1e6))) : Optional.empty();
  }

  /** Gives the events back. A second call does nothing. */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      inContext(
          () -> {
            driver.call("cuEventDestroy_v2", start);
            driver.call("cuEventDestroy_v2", stop);
          });
      driver.call("cuDevicePrimaryCtxRelease_v2", device);
    } catch (DriverException e) {
      // The context ends with the process.
    }
  }

  private boolean record(Pointer event) {
    if (isClosed) {
      return false;
    }
    try {
      inContext(() -> driver.call("cuEventRecord", event, Pointer.NULL));
      return true;
    } catch (DriverException e) {
      return false;
    }
  }

  private void inContext(Calls calls) throws DriverException {
    driver.call("cuCtxPushCurrent_v2", context);
    try {
      calls.run();
    } finally {
      driver.call("cuCtxPopCurrent_v2", new PointerByReference());
    }
  }

  /** Some calls of the driver. */
  @FunctionalInterface
  private interface Calls {
    void run() throws DriverException;
  }
}
