package dev.loquat.device;

import java.util.List;

/** Finds the processor, which is always there, with the memory that this process may use. */
final class CpuSearch implements DeviceSearch {
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
}
