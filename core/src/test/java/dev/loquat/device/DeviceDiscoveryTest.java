package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceDiscoveryTest {
  @TempDir private Path root;

  @Test
  void putsTheCpuLast() {
    FakeMachine machine =
        FakeMachine.linux(root)
            .library("libamdhip64.so", FakeDriver.hip())
            .library("libcuda.so.1", FakeDriver.cuda());
    assertThat(DeviceDiscovery.search(machine.machine()).found())
        .extracting(DeviceInfo::device)
        .containsExactly(Device.cuda(0), Device.rocm(0), Device.cpu());
  }

  @Test
  void givesTheReasonOfEachAbsentKind() {
    FakeMachine machine =
        FakeMachine.linux(root).library("libcuda.so.1", FakeDriver.cuda().returning("cuInit", 3));
    assertThat(DeviceDiscovery.search(machine.machine()).absent())
        .contains(
            new AbsentDevice(DeviceKind.CUDA, "cuInit failed with CUDA_ERROR_NOT_INITIALIZED (3)"),
            new AbsentDevice(DeviceKind.MPS, "not macOS on Apple silicon (this is Linux amd64)"))
        .extracting(AbsentDevice::kind)
        .containsExactly(DeviceKind.CUDA, DeviceKind.ROCM, DeviceKind.MPS);
  }

  @Test
  void answersForEveryKindOnThisMachine() {
    DeviceDiscovery here = DeviceDiscovery.search();
    Stream<DeviceKind> found = here.found().stream().map(info -> info.device().kind());
    Stream<DeviceKind> absent = here.absent().stream().map(AbsentDevice::kind);
    assertThat(Stream.concat(found, absent).distinct())
        .containsExactlyInAnyOrder(
            DeviceKind.CPU, DeviceKind.CUDA, DeviceKind.ROCM, DeviceKind.MPS);
  }

  @Test
  void findsTheProcessorOfThisMachine() {
    DeviceDiscovery here = DeviceDiscovery.search();
    DeviceInfo cpu = here.found().get(here.found().size() - 1);
    assertThat(cpu.device()).isEqualTo(Device.cpu());
    assertThat(cpu.name()).isNotBlank();
    assertThat(cpu.totalBytes()).isGreaterThan(Runtime.getRuntime().totalMemory());
    assertThat(cpu.freeBytes()).isBetween(1L, cpu.totalBytes());
  }
}
