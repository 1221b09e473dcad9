package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.BackendOptions;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuThreadsTest {
  @TempDir Path cpus;

  @Test
  void takesNumberAskedFor() {
    assertThat(CpuThreads.of(new BackendOptions(Device.cpu(), Precision.FP32, 3))).isEqualTo(3);
  }

  @Test
  void choosesAtMostAllowedProcessors() {
    assertThat(CpuThreads.of(new BackendOptions(Device.cpu(), Precision.FP32, 0)))
        .isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  @Test
  void countsSiblingsOnOneCoreOnce() throws IOException {
    for (int cpu = 0; cpu < 4; cpu++) {
      Path topology = Files.createDirectories(cpus.resolve("cpu" + cpu + "/topology"));
      Files.writeString(topology.resolve("thread_siblings_list"), cpu % 2 + "," + (cpu % 2 + 2));
    }
    Files.createDirectories(cpus.resolve("cpufreq"));
    assertThat(CpuThreads.physicalCores(cpus)).isEqualTo(2);
  }

  @Test
  void countsNothingWhereSystemDoesNotTell() {
    assertThat(CpuThreads.physicalCores(cpus)).isZero();
    assertThat(CpuThreads.physicalCores(cpus.resolve("missing"))).isZero();
  }
}
