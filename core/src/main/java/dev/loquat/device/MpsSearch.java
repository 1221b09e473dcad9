package dev.loquat.device;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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

  @Override
  public DeviceDetails details(int index) throws DriverException {
    requireAppleSilicon();
    return new GpuDetails(
        Optional.empty(),
        Sysctl.text(machine, "kern.osproductversion").map(version -> "macOS " + version),
        Optional.empty(),
        Optional.empty(),
        GpuSharing.SHARED,
        OptionalInt.empty(),
        List.of(),
        List.of("utilization, processes: macOS tells them to administrators only"));
  }

  private void requireAppleSilicon() throws DriverException {
    if (!machine.isAppleSilicon()) {
      throw new DriverException("not macOS on Apple silicon (this is " + machine + ")");
    }
  }
}
