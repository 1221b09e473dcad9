package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a tree of files as the kernel has them. */
class CpuDetailsTest {
  private static final String CGROUP = "sys/fs/cgroup/";
  private static final long MIB = 1 << 20;

  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void hasAMachine() {
    machine = FakeMachine.linux(root);
  }

  @Test
  void namesWhatMattersToProducts() throws IOException {
    machine.file("proc/cpuinfo", "model name\t: X\nflags\t\t: fpu sse4_2 fma avx2 xsave\n");
    assertThat(details().features()).containsExactly("sse4_2", "fma", "avx2");
    machine.file("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd asimddp i8mm\n");
    assertThat(details().features()).containsExactly("asimd", "asimddp", "i8mm");
  }

  @Test
  void countsCoresNotThreads() throws IOException {
    for (int cpu = 0; cpu < 4; cpu++) {
      String siblings = cpu % 2 + "," + (cpu % 2 + 2) + "\n";
      machine.file("sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list", siblings);
    }
    assertThat(details().physicalCores()).isEqualTo(2);
    assertThat(details().logicalCores()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void hasNoLimitsWhereNothingSetsThem() {
    assertThat(details().cpuQuota()).isEmpty();
    assertThat(details().memoryLimitBytes()).isEmpty();
    assertThat(details().features()).isEmpty();
    assertThat(details().physicalCores()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void staysWithinTheTightestQuotaAbove() throws IOException {
    machine
        .file("proc/self/cgroup", "0::/pod/app\n")
        .file(CGROUP + "pod/app/cpu.max", "max 100000\n")
        .file(CGROUP + "pod/cpu.max", "150000 100000\n")
        .file(CGROUP + "pod/memory.max", 512 * MIB + "\n");
    assertThat(details().cpuQuota()).hasValue(1.5);
    assertThat(details().memoryLimitBytes()).hasValue(512 * MIB);
  }

  @Test
  void takesTheFirstVersionsGreatestNumberForNoLimit() throws IOException {
    machine
        .file("proc/self/cgroup", "4:memory:/\n")
        .file(CGROUP + "memory/memory.limit_in_bytes", "9223372036854771712\n")
        .file(CGROUP + "memory/memory.usage_in_bytes", "4096\n");
    assertThat(details().memoryLimitBytes()).isEmpty();
  }

  @Test
  void readsTheFirstVersionsQuota() throws IOException {
    machine
        .file("proc/self/cgroup", "3:cpu,cpuacct:/docker/0123\n0::/\n")
        .file(CGROUP + "cpu/docker/0123/cpu.cfs_quota_us", "50000\n")
        .file(CGROUP + "cpu/docker/0123/cpu.cfs_period_us", "100000\n");
    assertThat(details().cpuQuota()).hasValue(0.5);
    machine.file(CGROUP + "cpu/docker/0123/cpu.cfs_quota_us", "-1\n");
    assertThat(details().cpuQuota()).isEmpty();
  }

  @Test
  void passesOverNonsense() throws IOException {
    machine.file("proc/self/cgroup", "0::/\n").file(CGROUP + "cpu.max", "0 0\n");
    assertThat(details().cpuQuota()).isEmpty();
    machine.file(CGROUP + "cpu.max", "many few\n");
    assertThat(details().cpuQuota()).isEmpty();
  }

  private CpuDetails details() {
    return (CpuDetails) DeviceDiscovery.details(machine.machine(), Device.cpu()).orElseThrow();
  }
}
