package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.fake.FakeNvidia;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Through machine code with the parameters of NVIDIA's headers. */
@EnabledOnOs(OS.LINUX)
class CudaDetailsTest {
  private static final long GIB = 1L << 30;
  private static final long OWN_PID = ProcessHandle.current().pid();
  private static final long NOT_TOLD = -1;

  @TempDir private Path folder;

  @Test
  void tellsAllOfEachOfUnequalGpus() throws Exception {
    Machine machine = machine(unequal().process(OWN_PID, GIB).process(7, 2 * GIB));
    assertThat(DeviceDiscovery.search(machine).found())
        .startsWith(
            new DeviceInfo(Device.cuda(0), "Fake H100", 80 * GIB, 70 * GIB),
            new DeviceInfo(Device.cuda(1), "Fake T4", 16 * GIB, 3 * GIB));
    GpuDetails second = details(machine, 1);
    assertThat(second)
        .isEqualTo(
            new GpuDetails(
                Optional.of("9.0"),
                Optional.of("550.54.15"),
                Optional.of("12.4"),
                Optional.of("12.8"),
                GpuSharing.EXCLUSIVE,
                OptionalInt.of(37),
                List.of(new GpuProcess(OWN_PID, GIB), new GpuProcess(7, 2 * GIB)),
                List.of()));
    assertThat(second.otherProcesses()).containsExactly(new GpuProcess(7, 2 * GIB));
    assertThat(second.otherProcessesBytes()).isEqualTo(2 * GIB);
    assertThat(details(machine, 0).sharing()).isEqualTo(GpuSharing.SHARED);
    assertThat(details(machine, 0).utilizationPercent()).hasValue(99);
  }

  @Test
  void countsNoMemoryThatTheDriverDoesNotTell() throws Exception {
    GpuDetails details = details(machine(unequal().process(7, NOT_TOLD)), 0);
    assertThat(details.processes()).containsExactly(new GpuProcess(7, DeviceInfo.UNKNOWN));
    assertThat(details.otherProcessesBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "9, 'NVML_ERROR_DRIVER_NOT_LOADED: the NVIDIA kernel driver isn''t running (9)'",
    "18, NVML_ERROR_LIB_RM_VERSION_MISMATCH: kernel module and library differ in version (18)",
    "4, NVML_ERROR_NO_PERMISSION: this user may not ask (4)"
  })
  void saysWhatIsNotKnownWhereNvmlDoesNotStart(int code, String words) throws Exception {
    GpuDetails details = details(machine(unequal().code("nvmlInit_v2", code)), 0);
    String reason = ": nvmlInit_v2 failed with " + words;
    assertThat(details.gaps())
        .containsExactly("driver version" + reason, "utilization" + reason, "processes" + reason);
    assertThat(details.architecture()).hasValue("9.0");
    assertThat(details.driverVersion()).isEmpty();
    assertThat(details.utilizationPercent()).isEmpty();
  }

  @Test
  void saysThatTheGpuIsLost() throws Exception {
    Machine machine = machine(unequal().code("nvmlDeviceGetUtilizationRates", 15));
    assertThat(details(machine, 0).gaps())
        .containsExactly(
            "utilization: nvmlDeviceGetUtilizationRates failed with NVML_ERROR_GPU_IS_LOST: the GPU"
                + " fell off the bus or was reset; restart the machine (15)");
  }

  @Test
  void knowsADriverThatIsTooOld() throws Exception {
    GpuDetails old = details(machine(unequal().cudaVersion(11_040)), 0);
    assertThat(old.apiVersion()).hasValue("11.4");
    assertThat(old.isDriverOlderThan(12)).isTrue();
    assertThat(old.isDriverOlderThan(11)).isFalse();
  }

  @Test
  void knowsNothingOfAGpuThatIsNotThere() throws Exception {
    assertThat(DeviceDiscovery.details(machine(unequal()), Device.cuda(2))).isEmpty();
  }

  @Test
  void knowsNothingOfADriverThatDoesNotStart() throws Exception {
    Machine failing = machine(unequal().code("cuInit", 999));
    assertThat(DeviceDiscovery.details(failing, Device.cuda(0))).isEmpty();
  }

  private static FakeNvidia unequal() {
    return new FakeNvidia()
        .gpu("Fake H100", 80 * GIB, 70 * GIB, 0, 99)
        .gpu("Fake T4", 16 * GIB, 3 * GIB, 3, 37);
  }

  private Machine machine(FakeNvidia nvidia) throws Exception {
    nvidia.compile(folder);
    return new Machine("Linux", "amd64", folder, Map.of(), this::load);
  }

  private SharedLibrary load(String name) throws LibraryNotFoundException, DriverException {
    Path library = folder.resolve(name);
    if (!library.toFile().exists()) {
      throw new LibraryNotFoundException(name);
    }
    return JnaLibrary.load(library.toString());
  }

  private static GpuDetails details(Machine machine, int index) {
    return (GpuDetails) DeviceDiscovery.details(machine, Device.cuda(index)).orElseThrow();
  }
}
