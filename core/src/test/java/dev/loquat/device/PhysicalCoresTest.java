package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhysicalCoresTest {

  @Test
  void countsSiblingsOnce(@TempDir Path cpus) throws IOException {
    thread(cpus, 0, "0,2");
    thread(cpus, 1, "1,3");
    thread(cpus, 2, "0,2");
    thread(cpus, 3, "1,3");
    Files.createDirectories(cpus.resolve("cpufreq"));
    assertThat(PhysicalCores.ofMachine(cpus)).isEqualTo(2);
  }

  @Test
  void setsNoLimitWhereNothingTells(@TempDir Path cpus) {
    assertThat(PhysicalCores.ofMachine(cpus)).isEqualTo(Integer.MAX_VALUE);
    assertThat(PhysicalCores.ofMachine(cpus.resolve("none"))).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void staysWithinWhatTheProcessMayUse() {
    assertThat(PhysicalCores.count()).isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  private static void thread(Path cpus, int number, String siblings) throws IOException {
    Path topology = Files.createDirectories(cpus.resolve("cpu" + number).resolve("topology"));
    Files.writeString(topology.resolve("thread_siblings_list"), siblings + "\n");
  }
}
