package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CudaSearchTest {
  @TempDir private Path root;

  @Test
  void saysThatNoDriverIsInstalled() {
    assertAbsent(FakeMachine.linux(root), "libcuda.so.1 not found: no NVIDIA driver is installed");
  }

  @Test
  void looksForTheDriverOfWindows() {
    assertAbsent(FakeMachine.windows(root), "nvcuda.dll not found: no NVIDIA driver is installed");
  }

  @Test
  void knowsThatMacosHasNoDriver() {
    assertAbsent(FakeMachine.mac(root), "macOS has no CUDA driver");
  }

  @ParameterizedTest
  @CsvSource({
    "100, CUDA_ERROR_NO_DEVICE: the driver sees no GPU",
    "34, 'CUDA_ERROR_STUB_LIBRARY: the toolkit''s stub is loaded, not a driver''s libcuda'",
    "803, CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: kernel module and libcuda differ in version",
    "999, CUDA_ERROR_UNKNOWN",
    "-7, an error that cuda.h explains"
  })
  void spellsOutWhyTheDriverDoesNotStart(int code, String words) {
    assertAbsent(
        machine(FakeDriver.cuda().returning("cuInit", code)),
        "cuInit failed with " + words + " (" + code + ")");
  }

  @Test
  void mentionsTheVariableThatHidesGpus() {
    assertAbsent(
        machine(FakeDriver.cuda().returning("cuInit", 100)).variable("CUDA_VISIBLE_DEVICES", ""),
        "cuInit failed with CUDA_ERROR_NO_DEVICE: the driver sees no GPU (100);"
            + " CUDA_VISIBLE_DEVICES is ''");
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, 1025, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void doesNotBelieveAnAbsurdCount(int count) {
    assertAbsent(
        machine(FakeDriver.cuda().count("cuDeviceGetCount", count)),
        "cuDeviceGetCount gave " + count + " devices; expected 0 to 1024");
  }

  @Test
  void isAbsentWhereTheDriverCountsNone() {
    assertAbsent(
        machine(FakeDriver.cuda().count("cuDeviceGetCount", 0)), "cuDeviceGetCount gave 0 devices");
  }

  @Test
  void doesNotReadBeyondANameWithoutEnd() {
    assertAbsent(
        machine(FakeDriver.cuda().text("cuDeviceGetName", "x".repeat(4000))),
        "cuDeviceGetName gave a text without end in 256 bytes");
  }

  @Test
  void doesNotBelieveMemoryBeyondALong() {
    assertAbsent(
        machine(FakeDriver.cuda().bytes("cuDeviceTotalMem_v2", -2)),
        "cuDeviceTotalMem_v2 gave 18446744073709551614 bytes");
  }

  @Test
  void reportsUnknownFreeMemoryWithoutNvml() throws DriverException {
    assertThat(search(machine(FakeDriver.cuda())).search())
        .containsExactly(new DeviceInfo(Device.cuda(0), "GeForce", 8_000, DeviceInfo.UNKNOWN));
  }

  @ParameterizedTest
  @CsvSource({"5000, 5000", "8001, 8000", "-9, -1"})
  void takesFreeMemoryFromNvmlWithinTheTotal(long told, long expected) throws DriverException {
    assertThat(search(machine(FakeDriver.cuda()).library("libnvidia-ml.so.1", nvml(told))).search())
        .containsExactly(new DeviceInfo(Device.cuda(0), "GeForce", 8_000, expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nvmlInit_v2", "nvmlDeviceGetHandleByUUID", "nvmlDeviceGetMemoryInfo"})
  void reportsUnknownFreeMemoryWhereNvmlFails(String function) throws DriverException {
    FakeDriver nvml = nvml(5_000).returning(function, 999);
    assertThat(freeBytes(nvml)).isEqualTo(DeviceInfo.UNKNOWN);
  }

  @Test
  void keepsTheAnswerWhereNvmlFailsToShutDown() throws DriverException {
    assertThat(freeBytes(nvml(5_000).returning("nvmlShutdown", 999))).isEqualTo(5_000);
  }

  @Test
  void findsTheGpuOfADriverWithoutUuids() throws DriverException {
    FakeDriver driver =
        FakeDriver.cuda().returning("cuDeviceGetUuid_v2", 1).returning("cuDeviceGetUuid", 1);
    assertThat(search(machine(driver).library("libnvidia-ml.so.1", nvml(5_000))).search())
        .containsExactly(new DeviceInfo(Device.cuda(0), "GeForce", 8_000, DeviceInfo.UNKNOWN));
  }

  private static FakeDriver nvml(long freeBytes) {
    return new FakeDriver()
        .returning("nvmlInit_v2", 0)
        .returning("nvmlShutdown", 0)
        .returning("nvmlDeviceGetHandleByUUID", 0)
        .on(
            "nvmlDeviceGetMemoryInfo",
            arguments -> {
              ((long[]) arguments[1])[1] = freeBytes;
              return 0;
            });
  }

  private long freeBytes(FakeDriver nvml) throws DriverException {
    return search(machine(FakeDriver.cuda()).library("libnvidia-ml.so.1", nvml)).freeBytes(0);
  }

  private FakeMachine machine(FakeDriver driver) {
    return FakeMachine.linux(root).library("libcuda.so.1", driver);
  }

  private static CudaSearch search(FakeMachine machine) {
    return new CudaSearch(machine.machine());
  }

  private static void assertAbsent(FakeMachine machine, String reason) {
    assertThatThrownBy(() -> search(machine).search())
        .isInstanceOf(DriverException.class)
        .hasMessage(reason);
  }
}
