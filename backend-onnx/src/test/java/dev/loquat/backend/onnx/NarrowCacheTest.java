package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.data.Offset.offset;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.PlannedUse;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and values in 16 and 8 bits beside those in single precision. */
class NarrowCacheTest {
  private static final CacheLayout LAYOUT = new CacheLayout(2, 600);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"FP16, 1e-6, 0.005", "INT8, 1e-5, 0.15"})
  void changesLogitsALittle(Precision cache, double least, double most) {
    float[] exact = logits(Precision.FP32);
    float[] rounded = logits(cache);
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i] - rounded[i]));
    }
    assertThat(largest).isBetween(least, most);
  }

  @ParameterizedTest
  @EnumSource(names = {"FP16", "INT8"})
  void growsAndIsCopiedAsAnyOther(Precision cache) {
    try (Backend backend = open(cache);
        DecoderSession session = backend.openSession(LAYOUT)) {
      int[] tokens = Steps.tokens(400, 1, 64);
      float[] before = Steps.last(session, 0, tokens);
      session.copySlot(0, 1, 399);
      float[][] copied = Steps.forward(session, Steps.row(1, 399, tokens[399]));
      for (int i = 0; i < before.length; i++) {
        assertThat(copied[0][i]).isCloseTo(before[i], offset(0.02f));
      }
    }
  }

  @Test
  void takesHalfAndAQuarterOfTheMemoryAsEstimated() {
    long exact = cacheBytes(Precision.FP32);
    assertThat(cacheBytes(Precision.FP16)).isEqualTo(exact / 2);
    assertThat(cacheBytes(Precision.INT8)).isEqualTo(exact / 4);
    assertThat(estimated(Precision.FP32)).isEqualTo(exact);
    assertThat(estimated(Precision.FP16)).isEqualTo(exact / 2);
    assertThat(estimated(Precision.INT8)).isEqualTo(exact / 4);
    assertThat(estimated(Precision.AUTO)).isEqualTo(exact);
  }

  @Test
  void isToldAndOtherTypesAreRefused() {
    for (Precision cache : new Precision[] {Precision.FP32, Precision.FP16, Precision.INT8}) {
      try (Backend backend = open(cache)) {
        assertThat(backend.cachePrecision()).isEqualTo(cache);
      }
    }
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> open(Precision.BF16))
        .withMessage(
            "The backend 'onnx' can't hold the KV cache in BF16: it holds keys and values in FP32 or"
                + " FP16 or INT8 on cpu, not in BF16. Leave the cache's precision to the backend, or use"
                + " another backend.");
  }

  private float[] logits(Precision cache) {
    try (Backend backend = open(cache);
        DecoderSession session = backend.openSession(LAYOUT)) {
      Steps.last(session, 1, Steps.tokens(40, 3, 64));
      return Steps.forward(session, Steps.row(1, 40, 8))[0];
    }
  }

  private long cacheBytes(Precision cache) {
    try (Backend backend = open(cache);
        DecoderSession session = backend.openSession(LAYOUT)) {
      Steps.last(session, 0, Steps.tokens(512, 1, 64));
      Steps.forward(session, Steps.row(0, 512, Steps.tokens(80, 1, 64)));
      return backend.ownedMemory().kvCacheBytes();
    }
  }

  private long estimated(Precision cache) {
    return new OnnxBackendProvider()
        .estimate(checkpoint(), options(cache), new PlannedUse(LAYOUT, 512))
        .cacheBytes();
  }

  private Backend open(Precision cache) {
    return new OnnxBackendProvider().open(checkpoint(), options(cache));
  }

  private static BackendOptions options(Precision cache) {
    return new BackendOptions(Device.cpu(), Precision.FP32, 1).withCachePrecision(cache);
  }

  private Checkpoint checkpoint() {
    return RandomCheckpoint.write(RandomCheckpoint.model(2, true, AttentionConfig.FULL), folder);
  }
}
