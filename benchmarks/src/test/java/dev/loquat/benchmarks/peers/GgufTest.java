package dev.loquat.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.device.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufTest {
  @TempDir private Path folder;

  @Test
  void findsTheWeightsThatAreAsWide() throws IOException {
    Files.createFile(folder.resolve("model.Q4_0.gguf"));
    Path fitting = Files.createFile(folder.resolve("model.Q4_1.gguf"));
    Gguf gguf = Gguf.in(folder, Precision.INT4);
    assertThat(gguf).isEqualTo(new Gguf(fitting));
    assertThat(gguf.missing()).isEmpty();
  }

  @Test
  void tellsHowToGetAbsentWeights() {
    Gguf gguf = Gguf.in(folder, Precision.INT8);
    assertThat(gguf.missing()).get().asString().contains("model.Q8_0.gguf", "llama-quantize");
    assertThat(gguf.bytes()).isZero();
  }
}
