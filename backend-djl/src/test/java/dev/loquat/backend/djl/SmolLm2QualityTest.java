package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.Precision;
import dev.loquat.testkit.SmolLm2Contract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What integers cost SmolLM2 in likelihood, against transformers in single precision. */
class SmolLm2QualityTest {

  @ParameterizedTest
  @CsvSource({"INT8,0.01,0.96", "INT4,0.005,0.95"})
  void staysNearTransformers(Precision precision, double largestKl, double leastAgreement)
      throws IOException {
    double kl = 0;
    int agreements = 0;
    int positions = 0;
    try (Backend backend = Fixtures.open(folder(), precision);
        DecoderSession session = backend.openSession(new CacheLayout(1, 128))) {
      for (JsonNode text : cases()) {
        int[] ids =
            StreamSupport.stream(text.required("ids").spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
        float[][] logits = Fixtures.forward(session, Fixtures.row(0, 0, ids));
        for (int position = 0; position < ids.length; position++) {
          JsonNode likeliest = text.required("top").required(position);
          kl += kl(likeliest, logits[position]);
          agreements += likeliest.get(0).get(0).intValue() == best(logits[position]) ? 1 : 0;
          positions++;
        }
      }
    }
    assertThat(kl / positions).isLessThan(largestKl);
    assertThat((double) agreements / positions).isGreaterThanOrEqualTo(leastAgreement);
  }

  /** Of the tokens listed, pairs of id and log-probability, and of all others as one. */
  private static double kl(JsonNode likeliest, float[] logits) {
    double normalizer = logSumExp(logits);
    double sum = 0;
    double expectedRest = 1;
    double actualRest = 1;
    for (JsonNode token : likeliest) {
      double expected = token.get(1).doubleValue();
      double actual = logits[token.get(0).intValue()] - normalizer;
      sum += Math.exp(expected) * (expected - actual);
      expectedRest -= Math.exp(expected);
      actualRest -= Math.exp(actual);
    }
    return sum + (expectedRest > 0 ? expectedRest * Math.log(expectedRest / actualRest) : 0);
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      best = logits[token] > logits[best] ? token : best;
    }
    return best;
  }

  private static double logSumExp(float[] logits) {
    double max = logits[best(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }

  private static JsonNode cases() throws IOException {
    String file = "transformers/smollm2/logprobs.json";
    try (InputStream json = SmolLm2Contract.class.getResourceAsStream(file)) {
      return new JsonMapper().readTree(Objects.requireNonNull(json, file)).required("cases");
    }
  }

  private static Path folder() {
    String folder = System.getProperty("loquat.smollm2", "");
    String message = "No SmolLM2 checkpoint; give its folder with -Dloquat.smollm2=FOLDER";
    if ("true".equals(System.getenv("CI"))) {
      assertThat(folder).as(message).isNotEmpty();
    }
    Assumptions.assumeThat(folder).as(message).isNotEmpty();
    return Path.of(folder);
  }
}
