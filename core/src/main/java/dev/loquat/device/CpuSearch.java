package dev.loquat.device;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Finds the processor, which is always there, with the memory that this process may use. */
final class CpuSearch implements DeviceSearch {
  /** Version 1 of control groups writes a number beyond this for no limit. */
  private static final long ANY_MEMORY = 1L << 60;

  private final Machine machine;

  CpuSearch(Machine machine) {
    this.machine = machine;
  }

  @Override
  public DeviceKind kind() {
    return DeviceKind.CPU;
  }

  @Override
  public List<DeviceInfo> search() {
    HostMemory memory = HostMemory.of(machine);
    return List.of(
        new DeviceInfo(
            Device.cpu(), ProcessorName.of(machine), memory.totalBytes(), memory.freeBytes()));
  }

  @Override
  public long freeBytes(int index) {
    return HostMemory.of(machine).freeBytes();
  }

  @Override
  public DeviceDetails details(int index) {
    Path root = machine.root();
    int logical = Runtime.getRuntime().availableProcessors();
    int physical = PhysicalCores.ofMachine(root.resolve("sys/devices/system/cpu"));
    return new CpuDetails(
        machine.architecture(),
        CpuFeatures.of(root),
        physical == Integer.MAX_VALUE ? logical : physical,
        logical,
        CpuQuota.of(root),
        memoryLimit(root));
  }

  private static OptionalLong memoryLimit(Path root) {
    long bytes = LinuxMemory.limits(root).totalBytes();
    return bytes == DeviceInfo.UNKNOWN || bytes > ANY_MEMORY
        ? OptionalLong.empty()
        : OptionalLong.of(bytes);
  }
}
