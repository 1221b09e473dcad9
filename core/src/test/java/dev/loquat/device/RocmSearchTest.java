package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocmSearchTest {
  private static final String GPU = "sys/bus/pci/devices/0000:c3:00.0/";

  @TempDir private Path root;

  @Test
  void saysThatNoRuntimeIsInstalled() {
    assertAbsent(
        FakeMachine.linux(root),
        "libamdhip64.so, libamdhip64.so.7, libamdhip64.so.6, libamdhip64.so.5,"
            + " /opt/rocm/lib/libamdhip64.so not found: no ROCm runtime is installed");
  }

  @Test
  void looksForTheRuntimeOfWindows() {
    assertAbsent(
        FakeMachine.windows(root),
        "amdhip64_7.dll, amdhip64_6.dll, amdhip64.dll not found: no ROCm runtime is installed");
  }

  @Test
  void knowsThatMacosHasNoRuntime() {
    assertAbsent(FakeMachine.mac(root), "macOS has no ROCm runtime");
  }

  @Test
  void mentionsTheVariablesThatHideGpus() {
    assertAbsent(
        machine(FakeDriver.hip().returning("hipGetDeviceCount", 100))
            .variable("HIP_VISIBLE_DEVICES", "9")
            .variable("ROCR_VISIBLE_DEVICES", "-1"),
        "hipGetDeviceCount failed with hipErrorNoDevice: the runtime sees no GPU (100);"
            + " HIP_VISIBLE_DEVICES is '9'; ROCR_VISIBLE_DEVICES is '-1'");
  }

  @Test
  void takesTheRuntimeOfAnyVersion() throws DriverException {
    FakeMachine machine = FakeMachine.linux(root).library("libamdhip64.so.6", FakeDriver.hip());
    assertThat(search(machine).search()).hasSize(1);
  }

  @Test
  void takesFreeMemoryFromTheKernel() throws DriverException, IOException {
    FakeMachine machine = machine(FakeDriver.hip());
    machine.file(GPU + "mem_info_vram_total", "9000\n").file(GPU + "mem_info_vram_used", "2500\n");
    assertThat(search(machine).search())
        .containsExactly(new DeviceInfo(Device.rocm(0), "AMD Instinct MI300X", 9_000, 6_500));
    assertThat(search(machine).freeBytes(0)).isEqualTo(6_500);
  }

  @Test
  void reportsUnknownFreeMemoryWhereTheKernelTellsNothing() throws DriverException {
    assertThat(search(machine(FakeDriver.hip())).freeBytes(0)).isEqualTo(DeviceInfo.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../../secret", "", "0000:c3:00.0/../other"})
  void followsNoPathThatIsNoBusId(String busId) throws DriverException, IOException {
    FakeMachine machine = machine(FakeDriver.hip().text("hipDeviceGetPCIBusId", busId));
    String devices = "sys/bus/pci/devices/";
    for (String folder : List.of("secret/", devices, GPU, devices + "other/")) {
      machine.file(folder + "mem_info_vram_total", "9").file(folder + "mem_info_vram_used", "1");
    }
    assertThat(search(machine).freeBytes(0)).isEqualTo(DeviceInfo.UNKNOWN);
  }

  private FakeMachine machine(FakeDriver runtime) {
    return FakeMachine.linux(root).library("libamdhip64.so", runtime);
  }

  private static RocmSearch search(FakeMachine machine) {
    return new RocmSearch(machine.machine());
  }

  private static void assertAbsent(FakeMachine machine, String reason) {
    assertThatThrownBy(() -> search(machine).search())
        .isInstanceOf(DriverException.class)
        .hasMessage(reason);
  }
}
