package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.Precision;
import java.nio.file.Path;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SmolLM2-135M-Instruct against the log-probabilities of transformers 5.23 in single precision. */
class SmolLm2Test {
  private static final Path REFERENCE = Path.of("src/test/resources/smollm2/logprobs.json");

  /**
   * The checkpoint's weights stand for themselves in every type (they are BF16, small in range), so
   * that packed weights change no more than the order of sums.
   */
  private static final double TOLERANCE = 2e-3;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void givesTheLogprobsOfTransformers(Precision precision) {
    try (Backend backend = Fixtures.open(folder(), precision);
        DecoderSession session = backend.openSession(new CacheLayout(1, 128))) {
      double worst = 0;
      for (JsonNode text : Fixtures.json(REFERENCE).get("cases")) {
        worst = Math.max(worst, worstDifference(session, text));
      }
      assertThat(worst).isCloseTo(0, within(TOLERANCE));
    }
  }

  private static double worstDifference(DecoderSession session, JsonNode text) {
    float[][] logits = Fixtures.forward(session, Fixtures.row(0, 0, Fixtures.ids(text.get("ids"))));
    double worst = 0;
    for (int i = 0; i < logits.length; i++) {
      double normalizer = Fixtures.logSumExp(logits[i]);
      for (JsonNode likely : text.get("top").get(i)) {
        double logprob = logits[i][likely.get(0).asInt()] - normalizer;
        worst = Math.max(worst, Math.abs(logprob - likely.get(1).asDouble()));
      }
    }
    return worst;
  }

  /** The checkpoint's folder; skips the test where there is none, but fails in CI. */
  static Path folder() {
    String folder = System.getProperty("loquat.smollm2", "");
    if (folder.isEmpty()) {
      assertThat(System.getenv("CI"))
          .as("CI must run the real-model tests: pass -Dloquat.smollm2=FOLDER")
          .isNotEqualTo("true");
    }
    Assumptions.assumeThat(folder)
        .as("SmolLM2-135M-Instruct is absent; pass -Dloquat.smollm2=FOLDER to test with it")
        .isNotEmpty();
    return Path.of(folder);
  }
}
