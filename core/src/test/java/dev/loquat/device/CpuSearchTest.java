package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuSearchTest {
  private static final long MIB = 1 << 20;
  private static final String CGROUP = "sys/fs/cgroup/";

  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void hasAGibibyteOfWhichHalfIsAvailable() throws IOException {
    machine =
        FakeMachine.linux(root)
            .file(
                "proc/meminfo",
                """
                MemTotal:        1048576 kB
                MemFree:          102400 kB
                MemAvailable:     524288 kB
                """)
            .file("proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD EPYC 9R14\nflags\t: fpu\n");
  }

  @Test
  void readsNameAndMemoryOfTheMachine() {
    assertThat(cpu())
        .isEqualTo(new DeviceInfo(Device.cpu(), "AMD EPYC 9R14", 1024 * MIB, 512 * MIB));
  }

  @Test
  void isNamedByTheArchitectureWhereNothingTellsAName() throws IOException {
    machine.file("proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00\n");
    assertThat(cpu().name()).isEqualTo("amd64");
  }

  @Test
  void isNamedByWindowsEnvironment() {
    FakeMachine windows =
        FakeMachine.windows(root).variable("PROCESSOR_IDENTIFIER", "AMD64 Family 25 Model 1");
    assertThat(new CpuSearch(windows.machine()).search().get(0).name())
        .isEqualTo("AMD64 Family 25 Model 1");
  }

  @Test
  void reportsUnknownMemoryWithoutProc(@TempDir Path empty) {
    FakeMachine bare = FakeMachine.linux(empty);
    assertThat(new CpuSearch(bare.machine()).search())
        .containsExactly(new DeviceInfo(Device.cpu(), "amd64", -1, -1));
  }

  @Test
  void staysWithinTheLimitOfItsContainer() throws IOException {
    machine.file("proc/self/cgroup", "0::/\n");
    group(CGROUP, 256 * MIB, 100 * MIB, 0);
    assertMemory(256 * MIB, 156 * MIB);
  }

  @Test
  void countsInactivePageCacheAsFree() throws IOException {
    machine.file("proc/self/cgroup", "0::/\n");
    group(CGROUP, 256 * MIB, 250 * MIB, 240 * MIB);
    assertMemory(256 * MIB, 246 * MIB);
  }

  @Test
  void obeysTheTightestOfAllGroupsAbove() throws IOException {
    machine.file("proc/self/cgroup", "0::/machine.slice/app.service\n");
    group(CGROUP + "machine.slice/", 200 * MIB, 190 * MIB, 0);
    group(CGROUP + "machine.slice/app.service/", 300 * MIB, 20 * MIB, 0);
    assertMemory(200 * MIB, 10 * MIB);
  }

  @Test
  void passesOverGroupsWithoutLimit() throws IOException {
    machine.file("proc/self/cgroup", "0::/app\n").file(CGROUP + "app/memory.max", "max\n");
    assertMemory(1024 * MIB, 512 * MIB);
  }

  @Test
  void takesTheMountedGroupWhereItsOwnIsNotVisible() throws IOException {
    machine.file("proc/self/cgroup", "0::/../../docker/0123\n");
    group(CGROUP, 256 * MIB, 100 * MIB, 0);
    assertMemory(256 * MIB, 156 * MIB);
  }

  @Test
  void readsTheFirstVersionOfControlGroups() throws IOException {
    machine
        .file("proc/self/cgroup", "9:name=systemd:/x\n4:cpu,memory:/docker/0123\n0::/\n")
        .file(CGROUP + "memory/memory.limit_in_bytes", "" + 128 * MIB)
        .file(CGROUP + "memory/memory.usage_in_bytes", "" + 100 * MIB)
        .file(CGROUP + "memory/memory.stat", "inactive_file 7\ntotal_inactive_file " + 40 * MIB);
    assertMemory(128 * MIB, 68 * MIB);
  }

  @Test
  void passesOverTheFirstVersionsWordForNoLimit() throws IOException {
    machine
        .file("proc/self/cgroup", "4:memory:/\n")
        .file(CGROUP + "memory/memory.limit_in_bytes", "9223372036854771712\n")
        .file(CGROUP + "memory/memory.usage_in_bytes", "1879216128\n");
    assertMemory(1024 * MIB, 512 * MIB);
  }

  @Test
  void hasNothingFreeAboveItsLimit() throws IOException {
    machine.file("proc/self/cgroup", "0::/\n");
    group(CGROUP, 100 * MIB, 120 * MIB, 0);
    assertMemory(100 * MIB, 0);
  }

  private void group(String folder, long limit, long usage, long cache) throws IOException {
    machine
        .file(folder + "memory.max", limit + "\n")
        .file(folder + "memory.current", usage + "\n")
        .file(folder + "memory.stat", "anon 1\ninactive_file " + cache + "\n");
  }

  private DeviceInfo cpu() {
    return new CpuSearch(machine.machine()).search().get(0);
  }

  private void assertMemory(long totalBytes, long freeBytes) {
    assertThat(cpu().totalBytes()).isEqualTo(totalBytes);
    assertThat(cpu().freeBytes()).isEqualTo(freeBytes);
  }
}
