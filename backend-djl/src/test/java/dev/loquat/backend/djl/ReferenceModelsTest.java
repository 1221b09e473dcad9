package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardRow;
import dev.loquat.device.Precision;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Small random models against the numbers of transformers 5.23 in single precision. */
class ReferenceModelsTest {
  static final List<String> FAMILIES = Fixtures.FAMILIES;

  private static final double LOGIT = 1e-3;
  private static final double LOGPROB = 2e-3;

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void givesTheLogitsOfTransformers(String family) {
    JsonNode cases = cases(family);
    try (Backend backend = Fixtures.open(Fixtures.family(family), Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(1, 256))) {
      for (JsonNode expected : cases) {
        int[] ids = Fixtures.ids(expected.get("ids"));
        check(expected, ids, Fixtures.forward(session, Fixtures.row(0, 0, ids)));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void givesTheSameInChunksAndTokenByToken(String family) {
    JsonNode expected = longestCase(family);
    int[] ids = Fixtures.ids(expected.get("ids"));
    try (Backend backend = Fixtures.open(Fixtures.family(family), Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(1, 256))) {
      float[][] logits = new float[ids.length][];
      for (int at = 0, length = 1; at < ids.length; at += length) {
        length = Math.min(at < 70 ? 1 + at % 23 : 1, ids.length - at);
        int[] chunk = Arrays.copyOfRange(ids, at, at + length);
        float[][] part = Fixtures.forward(session, Fixtures.row(0, at, chunk));
        System.arraycopy(part, 0, logits, at, length);
      }
      check(expected, ids, logits);
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void givesTheSameInRaggedBatches(String family) {
    JsonNode cases = cases(family);
    try (Backend backend = Fixtures.open(Fixtures.family(family), Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(cases.size(), 256))) {
      ForwardRow[] rows = new ForwardRow[cases.size()];
      for (int i = 0; i < rows.length; i++) {
        int slot = rows.length - 1 - i;
        rows[i] = Fixtures.row(slot, 0, Fixtures.ids(cases.get(i).get("ids")));
      }
      float[][] logits = Fixtures.forward(session, rows);
      int at = 0;
      for (int i = 0; i < rows.length; i++) {
        int[] ids = Fixtures.ids(cases.get(i).get("ids"));
        check(cases.get(i), ids, Arrays.copyOfRange(logits, at, at + ids.length));
        at += ids.length;
      }
    }
  }

  private static void check(JsonNode expected, int[] ids, float[][] logits) {
    float[] last = logits[ids.length - 1];
    for (int token = 0; token < last.length; token++) {
      assertThat((double) last[token])
          .isCloseTo(expected.get("lastLogits").get(token).asDouble(), within(LOGIT));
    }
    for (int i = 0; i + 1 < ids.length; i++) {
      assertThat(logits[i][ids[i + 1]] - Fixtures.logSumExp(logits[i]))
          .isCloseTo(expected.get("logprobOfNext").get(i).asDouble(), within(LOGPROB));
    }
  }

  private static JsonNode cases(String family) {
    return Fixtures.json(Fixtures.family(family).resolve("reference.json")).get("cases");
  }

  private static JsonNode longestCase(String family) {
    JsonNode cases = cases(family);
    return cases.get(cases.size() - 1);
  }
}
