package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.device.WiderWeights;
import dev.loquat.testkit.TransformersModel;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** FP32 of a model whose weights stand in 16 bits. */
class ShortWeightsTest {
  private static final Path FOLDER = Fixtures.folder(TransformersModel.LLAMA3_ROPE);
  private static final CacheLayout LAYOUT = new CacheLayout(2, 256);

  @BeforeAll
  static void loadPyTorch() {
    assumeThat(System.getProperty("os.arch")).as("the packed kernels are x86's").isEqualTo("amd64");
  }

  @Test
  void computesWhatSinglePrecisionDoes() {
    float[][] half = logits(new TruncatedCheckpoint(Checkpoint.open(FOLDER), ElementType.BF16));
    float[][] single = logits(new TruncatedCheckpoint(Checkpoint.open(FOLDER), ElementType.F32));
    for (int i = 0; i < half.length; i++) {
      assertThat(half[i]).containsExactly(single[i], within(2e-6f));
    }
  }

  @Test
  void holdsWhatFp16WouldAndSaysSo() {
    try (Checkpoint checkpoint =
            new TruncatedCheckpoint(Checkpoint.open(FOLDER), ElementType.BF16);
        Backend backend = Fixtures.open(checkpoint, Precision.FP32)) {
      EffectivePrecision precision = backend.precision();
      assertThat(precision)
          .hasToString(
              "FP16 weights, FP32 compute (FP32 requested: the checkpoint's weights have 16"
                  + " bits, all of whose digits are kept); wider: [norms and biases in FP32]");
      MemoryEstimate estimate = estimate(checkpoint, Precision.FP32);
      assertThat(estimate.precision()).isEqualTo(precision);
      assertThat(estimate.weightBytes()).isEqualTo(backend.allocatedBytes());
      assertThat(estimate.weightBytes())
          .isEqualTo(estimate(checkpoint, Precision.FP16).weightBytes());
      assertThat(estimate.readBytes()).isEqualTo(estimate(checkpoint, Precision.FP16).readBytes());
    }
  }

  /** No power of two brings that into FP16's range without taking the other weights out of it. */
  @Test
  void keepsAMatrixThatFp16DoesNotHoldInSinglePrecision() {
    Checkpoint patched = new PatchedCheckpoint(Checkpoint.open(FOLDER), WeightRole.UP, 0x1p60f);
    try (Checkpoint checkpoint = new TruncatedCheckpoint(patched, ElementType.BF16);
        Backend backend = Fixtures.open(checkpoint, Precision.FP32)) {
      int layers = checkpoint.config().layers().size();
      assertThat(backend.precision().wider())
          .contains(new WiderWeights("gate and up of " + layers + " layers", Precision.FP32));
      long rows = 2L * checkpoint.config().layers().get(0).mlp().intermediateSize();
      long columns = checkpoint.config().hiddenSize();
      assertThat(backend.allocatedBytes() - estimate(checkpoint, Precision.FP32).weightBytes())
          .isEqualTo(
              layers
                  * (rows * columns * Float.BYTES - LinearKernel.packedHalfBytes(rows, columns)));
    }
  }

  @Test
  void leavesCheckpointsInSinglePrecisionAsTheyAre() {
    try (Backend backend = Fixtures.open(FOLDER, Precision.FP32)) {
      assertThat(backend.precision()).isEqualTo(EffectivePrecision.asRequested(Precision.FP32));
    }
  }

  private static float[][] logits(Checkpoint opened) {
    try (Checkpoint checkpoint = opened;
        Backend backend = Fixtures.open(checkpoint, Precision.FP32);
        DecoderSession session = backend.openSession(LAYOUT)) {
      return Fixtures.forward(session, Fixtures.row(0, 0, 3, 7, 19, 4), Fixtures.row(1, 0, 5));
    }
  }

  private static MemoryEstimate estimate(Checkpoint checkpoint, Precision precision) {
    return new DjlBackendProvider()
        .estimate(
            checkpoint,
            new BackendOptions(Device.cpu(), precision, 1),
            new PlannedUse(LAYOUT, 512));
  }
}
