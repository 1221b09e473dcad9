package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxEstimateTest {
  private static final CacheLayout LAYOUT = new CacheLayout(2, 64);

  @TempDir Path folder;

  private static MemoryEstimate estimate(Checkpoint checkpoint, Precision precision) {
    return estimate(checkpoint, precision, Device.cpu());
  }

  private static MemoryEstimate estimate(
      Checkpoint checkpoint, Precision precision, Device device) {
    return new OnnxBackendProvider()
        .estimate(
            checkpoint, new BackendOptions(device, precision, 1), new PlannedUse(LAYOUT, 512));
  }

  /** Hidden 32, 2 heads of 16, 1 kv head, MLP 48, vocabulary 300, 2 layers, added up by hand. */
  @Test
  void countsTheHeadOnceAndEachMatrix() throws IOException {
    long layer = 32 * 32 + 2 * 16 * 32 + 32 * 32 + 3 * 48 * 32 + 2 * 32;
    long numbers = 300 * 32 + 2 * layer + 32;
    for (TinyCheckpoint tiny : new TinyCheckpoint[] {model(), model().untiedHead()}) {
      try (Checkpoint checkpoint = Checkpoint.open(tiny.writeTo(folder))) {
        assertThat(estimate(checkpoint, Precision.FP32).weightBytes()).isEqualTo(4 * numbers);
      }
    }
  }

  @Test
  void countsCodesAndScalesOfIntegers() throws IOException {
    long projections = 32 * 32 + 2 * 16 * 32 + 32 * 32 + 2 * 48 * 32;
    long down = 32 * 2 * 32; // rows of 48 fill two blocks
    long codes = 300 * 32 + 2 * (projections + down);
    long norms = 4 * (2 * 2 * 32 + 32);
    try (Checkpoint checkpoint = Checkpoint.open(model().writeTo(folder))) {
      assertThat(estimate(checkpoint, Precision.INT8).weightBytes())
          .isEqualTo(codes + codes / 32 * 4 + norms);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16"})
  void agreesWithWhatIsHeld(Precision precision) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model().writeTo(folder));
        Backend backend =
            new OnnxBackendProvider()
                .open(checkpoint, new BackendOptions(Device.cpu(), precision, 1))) {
      MemoryEstimate estimate = estimate(checkpoint, precision);
      assertThat(estimate.weightBytes()).isEqualTo(backend.allocatedBytes());
      assertThat(estimate.precision()).isEqualTo(backend.precision());
      try (DecoderSession session = backend.openSession(LAYOUT)) {
        assertThat(session.layout()).isEqualTo(LAYOUT);
        assertThat(backend.allocatedBytes() - estimate.weightBytes())
            .isEqualTo(estimate.cacheBytes());
      }
    }
  }

  /** An embedding that is no head stays in its file. */
  @Test
  void agreesWithWhatStagesAndUntiedModelsHold() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model().writeTo(folder))) {
      assertHeld(checkpoint, new LayerRange(0, 1, 2));
      assertHeld(checkpoint, new LayerRange(1, 2, 2));
    }
    try (Checkpoint checkpoint = Checkpoint.open(model().untiedHead().writeTo(folder))) {
      assertHeld(checkpoint, new LayerRange(0, 2, 2));
    }
  }

  private static void assertHeld(Checkpoint checkpoint, LayerRange range) {
    OnnxBackendProvider provider = new OnnxBackendProvider();
    BackendOptions options = new BackendOptions(Device.cpu(), Precision.FP32, 1);
    try (Backend backend = provider.open(checkpoint, range, options)) {
      assertThat(backend.allocatedBytes())
          .isEqualTo(
              provider
                  .estimate(checkpoint, range, options, new PlannedUse(LAYOUT, 512))
                  .weightBytes());
    }
  }

  /** 2 slots of 64 positions of 2 layers' keys and values of 16 numbers, which never grow. */
  @Test
  void countsHalfCachesOnGpus() throws IOException {
    long cache = 2 * 64 * 2 * 2 * 16 * 2;
    long rotary = 64 * 16 * 2;
    long draws = 2 * 300 * 64;
    try (Checkpoint checkpoint = Checkpoint.open(model().writeTo(folder))) {
      for (Precision precision : new Precision[] {Precision.INT8, Precision.INT4, Precision.FP16}) {
        MemoryEstimate onGpu = estimate(checkpoint, precision, Device.cuda(0));
        assertThat(onGpu.cacheBytes()).isEqualTo(cache);
      }
      long onCpu = estimate(checkpoint, Precision.INT8).steps().bytes();
      assertThat(estimate(checkpoint, Precision.INT8, Device.cuda(0)).steps().bytes())
          .as("tables of half the width, and a draw for each slot")
          .isEqualTo(onCpu - rotary + draws);
    }
  }

  @Test
  void countsRoundedWeightsOnlyWhereNoCacheCanKeepThem() throws IOException {
    long layer = 32 * 32 + 2 * 16 * 32 + 32 * 32 + 3 * 48 * 32 + 2 * 32;
    long halves = 2 * (300 * 32 + 2 * layer + 32);
    long largest = 4 * 300 * 32;
    try (Checkpoint checkpoint = Checkpoint.open(model().writeTo(folder))) {
      assertThat(loading(checkpoint, ConversionCache.off())).isEqualTo(largest + halves);
      assertThat(loading(checkpoint, ConversionCache.in(folder))).isEqualTo(largest);
      assertThat(loading(checkpoint, new ConversionCache.Folder(folder, halves)))
          .isEqualTo(largest + halves);
    }
  }

  private static long loading(Checkpoint checkpoint, ConversionCache cache) {
    return new OnnxBackendProvider()
        .estimate(
            checkpoint,
            new BackendOptions(Device.cpu(), Precision.FP16, 1, cache),
            new PlannedUse(LAYOUT, 512))
        .loading()
        .bytes();
  }

  @Test
  void growsNoFurtherThanItsLimit() throws IOException {
    CacheLayout longer = new CacheLayout(2, 600);
    long position = 2 * 2 * 2 * 16 * 4; // slots, layers, keys and values, head dim, bytes
    MemoryLedger ledger = MemoryLedger.of(512 * position);
    BackendOptions options =
        new BackendOptions(Device.cpu(), Precision.FP32, 1, ConversionCache.off(), ledger);
    Path written = model().contextLength(600).writeTo(folder);
    try (Checkpoint checkpoint = Checkpoint.open(written);
        Backend backend = new OnnxBackendProvider().open(checkpoint, options)) {
      try (DecoderSession session = backend.openSession(longer)) {
        assertThat(ledger.heldBytes()).isEqualTo(256 * position);
        float[][] before = Steps.forward(session, Steps.row(0, 0, new int[512]));
        assertThat(ledger.heldBytes()).isEqualTo(512 * position);
        assertThatExceptionOfType(OutOfMemoryException.class)
            .isThrownBy(() -> Steps.forward(session, Steps.row(0, 512, 1)))
            .withMessageContaining("a KV cache of 600 tokens in each slot");
        assertThat(Steps.forward(session, Steps.row(0, 0, new int[512]))).isDeepEqualTo(before);
      }
      assertThat(ledger.heldBytes()).isZero();
    }
  }

  private static TinyCheckpoint model() {
    return TinyCheckpoint.llama()
        .hiddenSize(32)
        .heads(2, 1)
        .headDim(16)
        .intermediateSize(48)
        .vocabularySize(300)
        .layers(2)
        .contextLength(64);
  }
}
