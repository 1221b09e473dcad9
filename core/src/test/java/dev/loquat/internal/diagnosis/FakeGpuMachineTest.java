package dev.loquat.internal.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.Loquat;
import dev.loquat.fake.FakeNvidia;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A JVM whose loader finds NVIDIA's libraries where there are none. */
@EnabledOnOs(OS.LINUX)
class FakeGpuMachineTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  /** What the JVM runs. */
  static final class Examination {
    private Examination() {}

    public static void main(String[] args) {
      System.out.println(Loquat.doctor().json());
    }
  }

  @Test
  void examinesUnequalGpus() throws Exception {
    JsonNode report =
        examine(
            new FakeNvidia()
                .gpu("Fake H100", 80 * GIB, 70 * GIB, 0, 99)
                .gpu("Fake T4", 16 * GIB, 3 * GIB, 3, 0)
                .process(7, 2 * GIB));
    JsonNode first = report.at("/devices/0");
    assertThat(first.get("device").asText()).isEqualTo("cuda:0");
    assertThat(first.get("totalBytes").asLong()).isEqualTo(80 * GIB);
    assertThat(first.get("freeBytes").asLong()).isEqualTo(70 * GIB);
    assertThat(first.get("architecture").asText()).isEqualTo("9.0");
    assertThat(first.get("runtimeVersion").asText()).isEqualTo("12.8");
    assertThat(first.has("problem")).isFalse();
    JsonNode second = report.at("/devices/1");
    assertThat(second.get("freeBytes").asLong()).isEqualTo(3 * GIB);
    assertThat(second.get("problem").asText())
        .startsWith("cuda:1 (Fake T4) is claimed: it takes one process at a time, and process 7");
    assertThat(report.at("/devices/2/device").asText()).isEqualTo("cpu");
  }

  @Test
  void namesTheArtifactOfEachBackendThatIsNotOnThePath() throws Exception {
    JsonNode backends =
        examine(new FakeNvidia().gpu("Fake T4", GIB, GIB, 0, 0)).at("/devices/0/backends");
    assertThat(backends.at("/onnx/reason").asText())
        .isEqualTo("add the dependency dev.loquat:loquat-backend-onnx (ONNX Runtime: CPU, CUDA)");
    assertThat(backends.at("/djl/reason").asText())
        .isEqualTo(
            "add the dependency dev.loquat:loquat-backend-djl (PyTorch: CPU, CUDA, ROCm, Apple"
                + " MPS)");
  }

  @Test
  void tellsADriverThatIsTooOld() throws Exception {
    JsonNode gpu =
        examine(new FakeNvidia().gpu("Fake K80", GIB, GIB, 0, 0).cudaVersion(11_040))
            .at("/devices/0");
    assertThat(gpu.get("problem").asText())
        .isEqualTo(
            "cuda:0 (Fake K80) has driver 550.54.15, which runs CUDA up to 11.4; expected 12.0 or"
                + " later. Install NVIDIA's driver 525.60.13 or a later one.");
  }

  @Test
  void tellsWhyADriverDoesNotStart() throws Exception {
    JsonNode report = examine(new FakeNvidia().gpu("Fake T4", GIB, GIB, 0, 0).code("cuInit", 803));
    assertThat(report.at("/devices/0/device").asText()).isEqualTo("cpu");
    assertThat(report.at("/absent/0/kind").asText()).isEqualTo("cuda");
    assertThat(report.at("/absent/0/reason").asText())
        .startsWith("cuInit failed with CUDA_ERROR_SYSTEM_DRIVER_MISMATCH");
  }

  @Test
  void goesOnWithoutTheManagementLibrary() throws Exception {
    JsonNode gpu =
        examine(new FakeNvidia().gpu("Fake T4", GIB, GIB, 0, 0).code("nvmlInit_v2", 9))
            .at("/devices/0");
    assertThat(gpu.has("freeBytes")).isFalse();
    assertThat(gpu.at("/gaps/0").asText())
        .isEqualTo(
            "driver version: nvmlInit_v2 failed with NVML_ERROR_DRIVER_NOT_LOADED: the NVIDIA"
                + " kernel driver isn't running (9)");
  }

  private JsonNode examine(FakeNvidia nvidia) throws IOException, InterruptedException {
    nvidia.compile(folder);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Examination.class.getName());
    builder.environment().put("LD_LIBRARY_PATH", folder.toString());
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    Process process = builder.redirectError(folder.resolve("err.txt").toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("%s", folder.resolve("err.txt").toFile()).isZero();
    return new JsonMapper().readTree(out);
  }
}
