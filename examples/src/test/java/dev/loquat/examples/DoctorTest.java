package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With both backends on the path, on whatever machine this is. */
class DoctorTest {

  @Test
  void saysOfEachBackendWhetherItCanUseTheProcessor() {
    assertThat(run()).containsSubsequence("           djl: yes", "           onnx: yes");
  }

  @Test
  void namesWhatEachBackendLacksForGpusInALine() {
    List<String> lines = run();
    int mps = lines.indexOf(line(lines, "MPS "));
    assertThat(lines.get(mps)).startsWith("MPS      none: not macOS on Apple silicon");
    assertThat(lines.subList(mps + 1, mps + 4))
        .anyMatch(line -> line.startsWith("           djl: no: "))
        .anyMatch(line -> line.startsWith("           onnx: no: ONNX Runtime reaches Apple GPUs"));
  }

  @Test
  void verifiesBothBackends() {
    assertThat(run("--verify"))
        .anyMatch(line -> line.startsWith("cpu      verified with djl: right, "))
        .anyMatch(line -> line.startsWith("cpu      verified with onnx: right, "));
  }

  @Test
  void printsOneJsonObjectWithAll() {
    assertThat(run("--json", "--verify"))
        .singleElement()
        .asString()
        .startsWith("{\"system\":")
        .contains(
            "\"absent\":[",
            "\"verifications\":[",
            "{\"device\":\"cpu\",\"backend\":\"onnx\",\"outcome\":\"right\",\"maxDifference\":")
        .endsWith("}");
  }

  private static String line(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  private static List<String> run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      assertThat(ShortErrors.commandLine(new Doctor(printed)).execute(args)).isZero();
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
