package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Precision;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The third part of a backend's contract: it agrees with transformers on a real checkpoint,
 * SmolLM2-135M-Instruct, step by step and through the engine, which finds the provider by its name.
 * The system property {@code loquat.smollm2} names the checkpoint's folder. Without it the tests
 * are skipped; they fail where the environment says {@code CI=true}. Extended like {@link
 * BackendContract}.
 */
public abstract class SmolLm2Contract extends SmolLm2EngineContract {

  /** Creates the suite. */
  protected SmolLm2Contract() {}

  /**
   * How far a log-probability may be from transformers' in single precision.
   *
   * @param precision the precision asked for
   * @return 2e-3 by default, since the checkpoint's weights stand for themselves in every precision
   */
  @Override
  protected double logProbabilityTolerance(Precision precision) {
    return 2e-3;
  }

  /** Integer precisions lose more than a tolerance can say; they are judged over all texts. */
  @ParameterizedTest
  @EnumSource(names = {"FP32", "FP16", "BF16"})
  void agreesWithTransformersAtEveryPosition(Precision precision) throws IOException {
    try (Backend backend = openSmolLm2(precision);
        DecoderSession session = backend.openSession(new CacheLayout(1, 128))) {
      for (JsonNode text : SmolLm2Reference.cases("logprobs.json")) {
        agrees(session, text, logProbabilityTolerance(precision));
      }
    }
  }

  /** Opens the real model; the caller closes it. */
  final Backend openSmolLm2(Precision precision) {
    try (Checkpoint checkpoint = Checkpoint.open(SmolLm2Reference.folder())) {
      return provider().open(checkpoint, options(device(), precision));
    }
  }

  private static void agrees(DecoderSession session, JsonNode text, double tolerance) {
    int[] ids =
        SmolLm2Reference.ids(text.required("ids")).stream().mapToInt(Integer::intValue).toArray();
    ForwardRow row = new ForwardRow(0, 0, ids, ids.length);
    Logits logits = session.forward(new ForwardBatch(List.of(row)));
    float[] values = new float[logits.vocabularySize()];
    for (int position = 0; position < ids.length; position++) {
      logits.read(position, values);
      agreesOnTheLikeliest(values, text.required("top").required(position), tolerance);
    }
  }

  /** The likeliest tokens are pairs of id and log-probability. */
  private static void agreesOnTheLikeliest(float[] logits, JsonNode likeliest, double tolerance) {
    assertThat(likeliest).hasSize(20);
    double normalizer = logSumExp(logits);
    for (JsonNode token : likeliest) {
      assertThat(logits[token.get(0).intValue()] - normalizer)
          .isCloseTo(token.get(1).doubleValue(), within(tolerance));
    }
  }

  private static double logSumExp(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }
}
