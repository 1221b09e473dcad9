package dev.loquat.device;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA's management library, which tells free memory without a CUDA context.
 *
 * <p>It numbers GPUs by PCI bus whatever CUDA numbers them by, so a GPU is named by its UUID. Where
 * the library is absent or fails, free memory is unknown.
 */
final class Nvml implements AutoCloseable {
  private final @Nullable Driver driver;

  private Nvml(@Nullable Driver driver) {
    this.driver = driver;
  }

  static Nvml open(Machine machine) {
    try {
      String name = machine.isWindows() ? "nvml.dll" : "libnvidia-ml.so.1";
      Driver driver = new Driver(machine.libraries().load(name), code -> "NVML error " + code);
      driver.call("nvmlInit_v2");
      return new Nvml(driver);
    } catch (LibraryNotFoundException | DriverException e) {
      return new Nvml(null);
    }
  }

  /**
   * Asks for a GPU's free memory.
   *
   * @param uuid the 16 bytes that CUDA knows the GPU, or the slice of one, by
   * @return bytes; {@link DeviceInfo#UNKNOWN} if NVML doesn't tell
   */
  long freeBytes(byte[] uuid) {
    if (driver == null) {
      return DeviceInfo.UNKNOWN;
    }
    try {
      return freeBytes(driver, handle(driver, uuid));
    } catch (DriverException e) {
      return DeviceInfo.UNKNOWN;
    }
  }

  private static Pointer handle(Driver driver, byte[] uuid) throws DriverException {
    try {
      return handle(driver, "GPU-" + format(uuid));
    } catch (DriverException e) {
      return handle(driver, "MIG-" + format(uuid));
    }
  }

  private static Pointer handle(Driver driver, String uuid) throws DriverException {
    PointerByReference handle = new PointerByReference();
    driver.call("nvmlDeviceGetHandleByUUID", uuid, handle);
    return handle.getValue();
  }

  private static long freeBytes(Driver driver, Pointer handle) throws DriverException {
    long[] memory = new long[3]; // nvmlMemory_t: total, free, used
    driver.call("nvmlDeviceGetMemoryInfo", handle, memory);
    return memory[1] < 0 ? DeviceInfo.UNKNOWN : memory[1];
  }

  private static String format(byte[] uuid) {
    ByteBuffer bytes = ByteBuffer.wrap(uuid);
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  @Override
  public void close() {
    if (driver == null) {
      return;
    }
    try {
      driver.call("nvmlShutdown");
    } catch (DriverException e) {
      // Nothing was asked that its failure could spoil.
    }
  }
}
