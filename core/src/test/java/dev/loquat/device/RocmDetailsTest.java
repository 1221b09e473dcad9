package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a tree of files as the kernel has them. */
class RocmDetailsTest {
  private static final String KFD = "sys/class/kfd/kfd/";
  private static final String PCI = "sys/bus/pci/devices/0000:c3:00.0/";

  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void hasAnInstinctBesideTheProcessor() throws IOException {
    FakeDriver hip = FakeDriver.hip().count("hipRuntimeGetVersion", 60_241_134);
    machine =
        FakeMachine.linux(root)
            .library("libamdhip64.so", hip)
            .file("sys/module/amdgpu/version", "6.8.5\n")
            .file(PCI + "gpu_busy_percent", "42\n")
            .file(KFD + "topology/nodes/0/gpu_id", "0\n")
            .file(KFD + "topology/nodes/0/properties", "cpu_cores_count 96\nlocation_id 0\n")
            .file(KFD + "topology/nodes/2/gpu_id", "51140\n")
            .file(
                KFD + "topology/nodes/2/properties",
                "gfx_target_version 90010\nlocation_id 49920\ndomain 0\n") // 0xc3 << 8
            .file(KFD + "topology/nodes/3/gpu_id", "9\n")
            .file(
                KFD + "topology/nodes/3/properties",
                "gfx_target_version 110000\nlocation_id 49920\ndomain 1\n")
            .file(KFD + "proc/4711/vram_51140", "3000\n")
            .file(KFD + "proc/4712/vram_9", "5000\n");
  }

  @Test
  void tellsWhatRuntimeAndKernelKnow() {
    assertThat(details())
        .isEqualTo(
            new GpuDetails(
                Optional.of("gfx90a"),
                Optional.of("6.8.5"),
                Optional.empty(),
                Optional.of("6.2.41134"),
                GpuSharing.SHARED,
                OptionalInt.of(42),
                List.of(new GpuProcess(4711, 3000)),
                List.of()));
  }

  @Test
  void saysWhatTheKernelDoesNotTell() {
    machine.library(
        "libamdhip64.so", FakeDriver.hip().text("hipDeviceGetPCIBusId", "0000:01:00.0"));
    GpuDetails details = details();
    assertThat(details.architecture()).isEmpty();
    assertThat(details.gaps())
        .containsExactly(
            "HIP version: the fake has no function hipRuntimeGetVersion",
            "architecture, processes: the kernel lists no GPU at 0000:01:00.0 in "
                + root.resolve(KFD),
            "utilization: the kernel's gpu_busy_percent is not told");
  }

  private GpuDetails details() {
    return (GpuDetails) DeviceDiscovery.details(machine.machine(), Device.rocm(0)).orElseThrow();
  }
}
