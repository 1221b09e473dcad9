package dev.loquat.device;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * NVIDIA's management library, which tells free memory without a CUDA context.
 *
 * <p>It numbers GPUs by PCI bus whatever CUDA numbers them by, so a GPU is named by its UUID. Where
 * the library is absent or fails, every question but that for free memory fails with the reason.
 */
final class Nvml implements AutoCloseable {
  private static final int MAX_PROCESSES = 1024;
  private static final int TEXT_BYTES = 96;

  /** {@code nvmlProcessInfo_v2_t}: process number, memory, two numbers of a slice; 24 bytes. */
  private static final int PROCESS_LONGS = 3;

  /** Gives the open library, or fails with why there is none. */
  @FunctionalInterface
  private interface Access {
    Driver driver() throws DriverException;
  }

  private final Access access;

  private Nvml(Access access) {
    this.access = access;
  }

  static Nvml open(Machine machine) {
    try {
      String name = machine.isWindows() ? "nvml.dll" : "libnvidia-ml.so.1";
      Driver driver = new Driver(machine.libraries().load(name), NvmlErrors::describe);
      driver.call("nvmlInit_v2");
      return new Nvml(() -> driver);
    } catch (LibraryNotFoundException | DriverException e) {
      String reason = String.valueOf(e.getMessage());
      return new Nvml(
          () -> {
            throw new DriverException(reason, e);
          });
    }
  }

  /**
   * Asks for a GPU's free memory.
   *
   * @param uuid the 16 bytes that CUDA knows the GPU, or the slice of one, by
   * @return bytes; {@link DeviceInfo#UNKNOWN} if NVML doesn't tell
   */
  long freeBytes(byte[] uuid) {
    try {
      long[] memory = new long[3]; // nvmlMemory_t: total, free, used
      ask("nvmlDeviceGetMemoryInfo", uuid, memory);
      return memory[1] < 0 ? DeviceInfo.UNKNOWN : memory[1];
    } catch (DriverException e) {
      return DeviceInfo.UNKNOWN;
    }
  }

  /** The version of NVIDIA's driver. */
  String driverVersion() throws DriverException {
    byte[] text = new byte[TEXT_BYTES];
    access.driver().call("nvmlSystemGetDriverVersion", text, text.length);
    return new String(text, StandardCharsets.UTF_8).split("\0", 2)[0].strip();
  }

  /** How busy a GPU was just now, in percent. */
  int utilizationPercent(byte[] uuid) throws DriverException {
    int[] rates = new int[2]; // nvmlUtilization_t: gpu, memory
    ask("nvmlDeviceGetUtilizationRates", uuid, rates);
    if (rates[0] < 0 || rates[0] > 100) {
      throw new DriverException(
          "nvmlDeviceGetUtilizationRates gave " + rates[0] + " %; expected 0 to 100");
    }
    return rates[0];
  }

  /** The processes that compute on a GPU. */
  List<GpuProcess> processes(byte[] uuid) throws DriverException {
    IntByReference count = new IntByReference(MAX_PROCESSES);
    long[] told = new long[PROCESS_LONGS * MAX_PROCESSES];
    try {
      ask("nvmlDeviceGetComputeRunningProcesses_v3", uuid, count, told);
    } catch (DriverException e) {
      count.setValue(MAX_PROCESSES);
      ask("nvmlDeviceGetComputeRunningProcesses_v2", uuid, count, told);
    }
    int processes = Math.max(0, Math.min(count.getValue(), MAX_PROCESSES));
    return IntStream.range(0, processes).mapToObj(i -> process(told, i * PROCESS_LONGS)).toList();
  }

  // The number is the lower half of its long: every machine with NVIDIA's driver is little-endian.
  private static GpuProcess process(long[] told, int first) {
    long bytes = told[first + 1] < 0 ? DeviceInfo.UNKNOWN : told[first + 1];
    return new GpuProcess(told[first] & 0xFFFF_FFFFL, bytes);
  }

  private void ask(String function, byte[] uuid, Object... answers) throws DriverException {
    Driver driver = access.driver();
    Object[] arguments = new Object[answers.length + 1];
    arguments[0] = handle(driver, uuid);
    System.arraycopy(answers, 0, arguments, 1, answers.length);
    driver.call(function, arguments);
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

  private static String format(byte[] uuid) {
    ByteBuffer bytes = ByteBuffer.wrap(uuid);
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  @Override
  public void close() {
    try {
      access.driver().call("nvmlShutdown");
    } catch (DriverException e) {
      // Nothing was asked that its failure could spoil.
    }
  }
}
