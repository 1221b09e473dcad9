package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.device.WiderWeights;
import dev.loquat.error.BackendException;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.testkit.TransformersModel;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DjlBackendTest {
  private static final Path FOLDER = Fixtures.folder(TransformersModel.LLAMA3_ROPE);
  private static final CacheLayout LAYOUT = new CacheLayout(2, 256);

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16"})
  void computesInSinglePrecisionOnProcessors(Precision precision) {
    try (Backend backend = Fixtures.open(FOLDER, precision)) {
      assertThat(backend.precision().requested()).isEqualTo(precision);
      assertThat(backend.precision().compute()).isEqualTo(Precision.FP32);
      assertThat(backend.precision().reason().isEmpty()).isEqualTo(precision == Precision.FP32);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16", "INT8", "INT4"})
  void holdsWhatItEstimates(Precision precision) {
    BackendOptions options = new BackendOptions(Device.cpu(), precision, 1);
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER);
        Backend backend = Fixtures.open(FOLDER, precision)) {
      MemoryEstimate estimate =
          new DjlBackendProvider().estimate(checkpoint, options, new PlannedUse(LAYOUT, 512));
      assertThat(estimate.weightBytes()).isEqualTo(backend.allocatedBytes());
      assertThat(estimate.precision()).isEqualTo(backend.precision());
    }
  }

  @Test
  void leavesWhatOnlyMakesStepsFasterForAfterTheLoad() {
    List<Runnable> left = new ArrayList<>();
    BackendOptions options =
        new BackendOptions(Device.cpu(), Precision.FP32, 1).withAfterLoad(left::add);
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER);
        Backend backend = new DjlBackendProvider().open(checkpoint, options);
        DecoderSession session = backend.openSession(LAYOUT)) {
      float[][] before = Fixtures.forward(session, Fixtures.row(0, 0, 1, 2, 3));
      assertThat(left).hasSize(1);
      left.forEach(Runnable::run);
      assertThat(Fixtures.forward(session, Fixtures.row(1, 0, 1, 2, 3))).isDeepEqualTo(before);
    }
  }

  @Test
  void smallProductsOfSmallStepsWakeNoThread() {
    Function threads = NativeLibrary.getInstance("torch_cpu").getFunction("MKL_Get_Max_Threads");
    BackendOptions options = new BackendOptions(Device.cpu(), Precision.INT8, 2);
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER);
        Backend backend = new DjlBackendProvider().open(checkpoint, options);
        DecoderSession session = backend.openSession(LAYOUT)) {
      Fixtures.forward(session, Fixtures.row(0, 0, new int[33]));
      assertThat(threads.invokeInt(new Object[0])).isEqualTo(2);
      Fixtures.forward(session, Fixtures.row(0, 33, new int[32]));
      assertThat(threads.invokeInt(new Object[0])).isEqualTo(1);
    }
  }

  @Test
  void countsNeitherFillingNorTheEmbeddingAsRead() {
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER)) {
      TensorInfo embedding = checkpoint.weight(WeightRole.EMBEDDING).info();
      long lookedUp = checkpoint.config().tiedHead() ? 0 : embedding.byteLength();
      long single = readBytes(checkpoint, Precision.FP32);
      assertThat(single).isEqualTo(checkpoint.weightBytes() - lookedUp);
      long norms = (2L * checkpoint.config().layers().size() + 1) * embedding.shape().get(1);
      assertThat(readBytes(checkpoint, Precision.FP16))
          .as("norms stay as wide")
          .isEqualTo((single + norms * Float.BYTES) / 2);
    }
  }

  private static long readBytes(Checkpoint checkpoint, Precision precision) {
    BackendOptions options = new BackendOptions(Device.cpu(), precision, 1);
    return new DjlBackendProvider()
        .estimate(checkpoint, options, new PlannedUse(LAYOUT, 512))
        .readBytes();
  }

  @Test
  void namesWhatIsHeldWiderThan4Bits() {
    try (Backend backend = Fixtures.open(FOLDER, Precision.INT4)) {
      assertThat(backend.precision().wider())
          .contains(new WiderWeights("head", Precision.INT8))
          .contains(new WiderWeights("query, key and value", Precision.INT8))
          .contains(new WiderWeights("norms and biases", Precision.FP32));
    }
  }

  @Test
  void estimatesWhatAFullCacheTakes() {
    BackendOptions options = new BackendOptions(Device.cpu(), Precision.FP32, 1);
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER);
        Backend backend = Fixtures.open(FOLDER, Precision.FP32);
        DecoderSession session = backend.openSession(LAYOUT)) {
      long weights = backend.allocatedBytes();
      for (int slot = 0; slot < LAYOUT.slots(); slot++) {
        session.forward(
            new ForwardBatch(List.of(new ForwardRow(slot, 0, new int[LAYOUT.contextLength()], 0))));
      }
      MemoryEstimate estimate =
          new DjlBackendProvider().estimate(checkpoint, options, new PlannedUse(LAYOUT, 512));
      assertThat(estimate.cacheBytes()).isEqualTo(backend.allocatedBytes() - weights);
    }
  }

  @Test
  void growsNoFurtherThanItsLimit() {
    MemoryLedger ledger = MemoryLedger.of(cacheBytes(new CacheLayout(1, 128)));
    BackendOptions options =
        new BackendOptions(Device.cpu(), Precision.FP32, 1, ConversionCache.off(), ledger);
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER);
        Backend backend = new DjlBackendProvider().open(checkpoint, options)) {
      try (DecoderSession session = backend.openSession(LAYOUT)) {
        float[][] before = Fixtures.forward(session, Fixtures.row(0, 0, 1, 2, 3));
        assertThatExceptionOfType(OutOfMemoryException.class)
            .isThrownBy(() -> Fixtures.forward(session, Fixtures.row(1, 0, 1, 2, 3)))
            .withMessageContaining("a KV cache of 128 tokens in slot 1");
        assertThat(Fixtures.forward(session, Fixtures.row(0, 0, 1, 2, 3))).isDeepEqualTo(before);
        assertThat(ledger.heldBytes()).isEqualTo(ledger.limitBytes());
      }
      assertThat(ledger.heldBytes()).isZero();
    }
  }

  private static long cacheBytes(CacheLayout layout) {
    BackendOptions options = new BackendOptions(Device.cpu(), Precision.FP32, 1);
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER)) {
      return new DjlBackendProvider()
          .estimate(checkpoint, options, new PlannedUse(layout, 512))
          .cacheBytes();
    }
  }

  @Test
  void fillsPanelsOfHalfPrecision() {
    assertThat(LinearKernel.packedHalfBytes(16, 512)).isEqualTo(16 * 512 * 2);
    assertThat(LinearKernel.packedHalfBytes(17, 513)).isEqualTo(32 * 1024 * 2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16"})
  void roundsWeightsToTheTypeAskedFor(Precision precision) {
    float[][] exact = logits(Precision.FP32);
    float[][] rounded = logits(precision);
    double difference = 0;
    for (int i = 0; i < exact[0].length; i++) {
      difference = Math.max(difference, Math.abs(exact[0][i] - rounded[0][i]));
    }
    switch (precision) {
      case FP32 -> assertThat(difference).isZero();
      case FP16 -> assertThat(difference).isBetween(1e-5, 2e-2);
      case BF16 -> assertThat(difference).isBetween(1e-3, 2e-1);
      default -> throw new AssertionError(precision);
    }
  }

  private static float[][] logits(Precision precision) {
    try (Backend backend = Fixtures.open(FOLDER, precision);
        DecoderSession session = backend.openSession(LAYOUT)) {
      return Fixtures.forward(session, Fixtures.row(0, 0, 3));
    }
  }

  @Test
  void refusesWeightsThatFp16CanNotHold() {
    try (Checkpoint checkpoint = patched(70_000)) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> Fixtures.open(checkpoint, Precision.FP16))
          .withMessage(
              "Tensor 'model.layers.0.mlp.up_proj.weight' holds 70000.0, and FP16 ends at 65504.0."
                  + " Load the model in BF16 or FP32, or with beyondRange(WIDEN).");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16", "INT8", "INT4"})
  void refusesWeightsThatAreNoNumbers(Precision precision) {
    try (Checkpoint checkpoint = patched(Float.NaN)) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> Fixtures.open(checkpoint, precision))
          .withMessageContaining(
              "tensor 'model.layers.0.mlp.up_proj.weight' holds NaN; expected finite numbers only.");
    }
  }

  @Test
  void widensWhereThatIsAskedFor() {
    BackendOptions widening =
        new BackendOptions(Device.cpu(), Precision.FP16, 1)
            .withHalf(new HalfPrecision(false, BeyondRange.WIDEN));
    try (Checkpoint checkpoint = patched(70_000);
        Backend backend = new DjlBackendProvider().open(checkpoint, widening)) {
      assertThat(backend.precision().storage()).isEqualTo(Precision.FP32);
      assertThat(backend.precision().reason())
          .contains("'model.layers.0.mlp.up_proj.weight' holds a weight of magnitude 70000.0");
      try (DecoderSession session = backend.openSession(LAYOUT)) {
        assertThat(Fixtures.forward(session, Fixtures.row(0, 0, 3))[0])
            .doesNotContain(Float.NaN, Float.POSITIVE_INFINITY);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP16", "BF16"})
  void computesInPureHalfWhereThatIsAskedFor(Precision precision) {
    BackendOptions pure =
        new BackendOptions(Device.cpu(), precision, 1)
            .withHalf(new HalfPrecision(true, BeyondRange.REFUSE));
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER);
        Backend backend = new DjlBackendProvider().open(checkpoint, pure);
        DecoderSession session = backend.openSession(LAYOUT)) {
      assertThat(backend.precision()).isEqualTo(EffectivePrecision.asRequested(precision));
      float[] logits = Fixtures.forward(session, Fixtures.row(0, 0, 3))[0];
      float[] mixed = logits(precision)[0];
      assertThat(logits).isNotEqualTo(mixed);
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i]).isCloseTo(mixed[i], within(0.5f));
        assertThat(logits[i])
            .as("a number of the half type")
            .isEqualTo(rounded(logits[i], precision));
      }
    }
  }

  /** The number with as many significant bits as the type has. */
  private static float rounded(float number, Precision precision) {
    int dropped = Float.floatToIntBits(number) & (precision == Precision.BF16 ? 0xffff : 0x1fff);
    return Float.intBitsToFloat(Float.floatToIntBits(number) - dropped);
  }

  @Test
  void advisesWhatItMeasured() {
    try (Checkpoint checkpoint = Checkpoint.open(FOLDER)) {
      PrecisionAdvice advice = new DjlBackendProvider().advise(checkpoint, Device.cpu(), 1);
      assertThat(advice.order()).contains(Precision.FP32);
      assertThat(advice.reason())
          .matches("a token's product .* took \\d+ us in FP16 and \\d+ us in FP32|.*only");
    }
    assertThat(KernelRace.advice(1_000, 2_000).order())
        .containsExactly(Precision.FP16, Precision.FP32);
    assertThat(KernelRace.advice(2_000, 1_000).order())
        .containsExactly(Precision.FP32, Precision.FP16);
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"BF16", "F16"})
  void advisesFp32WhereThatTakesNoMoreThanFp16(ElementType stored, @TempDir Path folder)
      throws IOException {
    assumeThat(Probe.multiplies(LinearKernel.FP16_SCALED)).as("the kernel is x86's").isTrue();
    TinyCheckpoint.llama().elementType(stored).writeTo(folder);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      PrecisionAdvice advice = new DjlBackendProvider().advise(checkpoint, Device.cpu(), 1);
      assertThat(advice.order()).containsExactly(Precision.FP32, Precision.FP16);
      assertThat(advice.reason())
          .isEqualTo("FP32 keeps the checkpoint's 16 bits, and is as fast as FP16");
    }
  }

  @Test
  void holdsInfiniteWeightsInNoIntegers() {
    try (Checkpoint checkpoint = patched(Float.NEGATIVE_INFINITY)) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> Fixtures.open(checkpoint, Precision.INT8))
          .withMessageContaining("holds Infinity");
    }
  }

  @Test
  void holdsWeightsOutOfFp16sRangeIn8Bits() {
    try (Checkpoint checkpoint = patched(70_000);
        Backend backend = Fixtures.open(checkpoint, Precision.INT8);
        DecoderSession session = backend.openSession(LAYOUT)) {
      assertThat(Fixtures.forward(session, Fixtures.row(0, 0, 3))[0]).doesNotContain(Float.NaN);
    }
  }

  @Test
  void holdsBf16WeightsOutOfFp16sRangeInSinglePrecision() {
    try (Checkpoint checkpoint = patched(70_000);
        Backend backend = Fixtures.open(checkpoint, Precision.BF16)) {
      assertThat(backend.precision().storage()).isEqualTo(Precision.FP32);
      assertThat(backend.precision().reason()).contains("model.layers.0.mlp.up_proj.weight");
    }
  }

  @Test
  void takesWeightsUpToWhereTheyAreRoundedToInfinity() {
    try (Checkpoint half = patched(Math.nextDown(65520f));
        Checkpoint packed = patched(Math.nextDown(65408f));
        Checkpoint brain = patched(Float.intBitsToFloat(0x7F7F7FFF))) {
      Fixtures.open(half, Precision.FP16).close();
      try (Backend backend = Fixtures.open(packed, Precision.BF16);
          DecoderSession session = backend.openSession(LAYOUT)) {
        assertThat(Fixtures.forward(session, Fixtures.row(0, 0, 3))[0])
            .doesNotContain(Float.NaN, Float.POSITIVE_INFINITY);
      }
      Fixtures.open(brain, Precision.BF16).close();
    }
  }

  @Test
  void asksTheCallerAboutWeightsBeyondBf16() {
    BackendOptions widening =
        new BackendOptions(Device.cpu(), Precision.BF16, 1)
            .withHalf(new HalfPrecision(false, BeyondRange.WIDEN));
    try (Checkpoint checkpoint = patched(Float.intBitsToFloat(0x7F7F8000))) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> Fixtures.open(checkpoint, Precision.BF16))
          .withMessage(
              "Tensor 'model.layers.0.mlp.up_proj.weight' holds "
                  + Float.intBitsToFloat(0x7F7F8000)
                  + ", and BF16 ends at 3.3895314E38. Load the model in FP32, or with beyondRange(WIDEN).");
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> Fixtures.open(checkpoint, Precision.FP16))
          .withMessageContaining("FP16 ends at 65504.0. Load the model in FP32, or with");
      try (Backend backend = new DjlBackendProvider().open(checkpoint, widening)) {
        assertThat(backend.precision().storage()).isEqualTo(Precision.FP32);
        assertThat(backend.precision().reason()).contains("model.layers.0.mlp.up_proj.weight");
      }
    }
  }

  private static Checkpoint patched(float value) {
    return new PatchedCheckpoint(Checkpoint.open(FOLDER), WeightRole.UP, value);
  }

  @Test
  void closesSessionsAndAnswersNothingAfterwards() {
    Backend backend = Fixtures.open(FOLDER, Precision.FP32);
    DecoderSession session = backend.openSession(LAYOUT);
    backend.close();
    backend.close();
    assertThat(backend.allocatedBytes()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> backend.openSession(LAYOUT));
    assertThatIllegalStateException()
        .isThrownBy(() -> Fixtures.forward(session, Fixtures.row(0, 0, 1)));
  }

  @Test
  void leavesNothingOpenOnTheJavaSide() {
    logits(Precision.FP32);
    int before = managed();
    Backend backend = Fixtures.open(FOLDER, Precision.FP32);
    try (DecoderSession session = backend.openSession(LAYOUT)) {
      Fixtures.forward(session, Fixtures.row(0, 0, 1));
      int open = managed();
      for (int i = 1; i < 20; i++) {
        Fixtures.forward(session, Fixtures.row(0, i, i));
      }
      assertThat(managed()).isEqualTo(open);
    }
    backend.close();
    assertThat(managed()).isEqualTo(before);
  }

  @Test
  void keepsSessionsUsableWhenTheCacheIsEmptied() {
    try (Backend backend = Fixtures.open(FOLDER, Precision.FP32);
        DecoderSession session = backend.openSession(LAYOUT)) {
      float[][] before = Fixtures.forward(session, Fixtures.row(0, 0, 1, 2));
      backend.emptyCache();
      assertThat(Fixtures.forward(session, Fixtures.row(0, 1, 2))[0])
          .containsExactly(before[1], within(1e-4f));
    }
  }

  @Test
  void givesBackTheMemoryOfAClearedSlot() {
    try (Backend backend = Fixtures.open(FOLDER, Precision.FP32);
        DecoderSession session = backend.openSession(LAYOUT)) {
      float[] alone = Fixtures.forward(session, Fixtures.row(0, 0, 1))[0];
      long before = backend.allocatedBytes();
      Fixtures.forward(session, Fixtures.row(1, 0, 2));
      assertThat(backend.allocatedBytes()).isGreaterThan(before);
      session.clearSlot(1);
      assertThat(backend.allocatedBytes()).isEqualTo(before);
      assertThat(Fixtures.forward(session, Fixtures.row(1, 0, 1))[0])
          .containsExactly(alone, within(1e-4f));
    }
  }

  @Test
  void saysWhenMemoryRunsOut() {
    try (Backend backend = Fixtures.open(FOLDER, Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(1, Integer.MAX_VALUE))) {
      StageCache hungry = ((DjlSession) session).cache();
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> hungry.ensure(0, Integer.MAX_VALUE))
          .withMessageStartingWith("The device is out of memory in 'grow_slot': ");
      assertThat(Fixtures.forward(session, Fixtures.row(0, 0, 1))).hasDimensions(1, 320);
    }
  }

  /** Arrays under DJL's root that nobody closed. */
  private static int managed() {
    try (NDManager child = NDManager.newBaseManager(ai.djl.Device.cpu(), PtEngine.ENGINE_NAME)) {
      return child.getParentManager().getManagedArrays().size();
    }
  }
}
