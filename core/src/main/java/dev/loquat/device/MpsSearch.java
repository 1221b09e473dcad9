package dev.loquat.device;

import java.util.List;

/** Finds the GPU of Apple silicon, which shares the machine's memory. */
final class MpsSearch implements DeviceSearch {
  private final Machine machine;

  MpsSearch(Machine machine) {
    this.machine = machine;
  }

  @Override
  public DeviceKind kind() {
    return DeviceKind.MPS;
  }

  @Override
  public List<DeviceInfo> search() throws DriverException {
    requireAppleSilicon();
    HostMemory memory = HostMemory.of(machine);
    return List.of(
        new DeviceInfo(
            Device.mps(), ProcessorName.of(machine), memory.totalBytes(), memory.freeBytes()));
  }

  @Override
  public long freeBytes(int index) throws DriverException {
    requireAppleSilicon();
    return HostMemory.of(machine).freeBytes();
  }

  private void requireAppleSilicon() throws DriverException {
    if (!machine.isAppleSilicon()) {
      throw new DriverException("not macOS on Apple silicon (this is " + machine + ")");
    }
  }
}
