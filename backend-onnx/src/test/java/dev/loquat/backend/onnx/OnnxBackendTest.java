package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.backend.onnx.binding.BoundPath;
import dev.loquat.backend.onnx.binding.LoadedDecoder;
import dev.loquat.backend.onnx.binding.PinnedPath;
import dev.loquat.backend.onnx.binding.RunPath;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.graph.CopyGraph;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.error.CheckpointException;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.quantization.ConversionCache;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxBackendTest {
  private static final ModelConfig MODEL = RandomCheckpoint.model(2, true, 0);
  private static final int[] PROMPT = {3, 1, 4, 1, 5};

  @TempDir Path folder;

  @Test
  void closesSessionsThatAreStillOpen() {
    Backend backend = open(RandomCheckpoint.write(MODEL, folder), Precision.FP32);
    DecoderSession session = backend.openSession(new CacheLayout(1, 8));
    backend.close();
    backend.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> Steps.last(session, 0, PROMPT))
        .withMessageContaining("The session is closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> backend.openSession(new CacheLayout(1, 8)))
        .withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(backend::emptyCache);
    assertThat(backend.allocatedBytes()).isZero();
  }

  @Test
  void closesAllOfTheModelThoughOnePartFails() throws OrtException {
    OrtSession session = Runtimes.environment().createSession(CopyGraph.model());
    MemoryLedger ledger = MemoryLedger.unlimited();
    NativeRuntime runtime = Runtimes.nativeRuntime().orElseThrow();
    NativeSession seen = new NativeSession(runtime, session);
    OrtSession copies = Runtimes.environment().createSession(CopyGraph.model());
    RunPath failing = BoundPath.onDevice(runtime, seen, seen.host(), copies, Optional.empty());
    copies.close();
    Backend backend = backend(decoder(session, failing), ledger);
    assertThatIllegalStateException().isThrownBy(backend::close);
    assertThat(ledger.resources()).isEmpty();
    assertThatIllegalStateException().as("closed already").isThrownBy(session::close);
  }

  /** A ledger that is missing stands for whatever may fail. */
  @Test
  @SuppressWarnings("NullAway")
  void closesTheDecoderThatItCanNotTakeOver() throws OrtException {
    OrtSession session = Runtimes.environment().createSession(CopyGraph.model());
    RunPath path = new PinnedPath(Runtimes.environment(), session);
    MemoryLedger missing = null;
    assertThatNullPointerException().isThrownBy(() -> backend(decoder(session, path), missing));
    assertThatIllegalStateException().as("closed already").isThrownBy(session::close);
  }

  @Test
  void closesTheModelWhereNothingTakesWhatFollowsItsLoad() {
    MemoryLedger ledger = MemoryLedger.unlimited();
    BackendOptions options =
        new BackendOptions(Device.cpu(), Precision.FP32, 1, ConversionCache.off(), ledger)
            .withAfterLoad(
                task -> {
                  throw new RejectedExecutionException("full");
                });
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(
            () -> new OnnxBackendProvider().open(RandomCheckpoint.write(MODEL, folder), options));
    assertThat(ledger.resources()).isEmpty();
  }

  private static LoadedDecoder decoder(OrtSession session, RunPath path) {
    return new LoadedDecoder(
        session, path, MODEL, LayerRange.all(MODEL), List.of(), OnnxType.FLOAT, OnnxType.FLOAT);
  }

  private static Backend backend(LoadedDecoder decoder, MemoryLedger ledger) throws OrtException {
    return OnnxBackend.of(
        decoder,
        WeightFiles.of(List.of(), List.of()),
        EffectivePrecision.asRequested(Precision.FP32),
        Precision.FP32,
        0,
        Optional.empty(),
        ledger);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void copiesWithinADeviceKeepNoThreads() throws Exception {
    Checkpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    BackendOptions options = new BackendOptions(Device.cpu(), Precision.FP32, 4);
    ExecutorService loading =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "copies-loading"));
    try (Backend backend =
        loading
            .submit(() -> new OnnxBackendProvider(RunMode.ON_DEVICE).open(checkpoint, options))
            .get()) {
      assertThat(backend.allocatedBytes()).isPositive();
      assertThat(threadsNamed("copies-loading")).as("its own and those of the model").isEqualTo(4);
    } finally {
      loading.shutdown();
    }
  }

  /** A thread of the system has the name of the one that started it, if nobody names it. */
  private static long threadsNamed(String name) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.filter(thread -> isNamed(thread, name)).count();
    }
  }

  private static boolean isNamed(Path thread, String name) {
    try {
      return Files.readString(thread.resolve("comm")).strip().equals(name);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void sessionsDoNotShareSlots() {
    try (Backend backend = open(RandomCheckpoint.write(MODEL, folder), Precision.FP32);
        DecoderSession one = backend.openSession(new CacheLayout(1, 8));
        DecoderSession two = backend.openSession(new CacheLayout(1, 8))) {
      float[] alone = Steps.last(one, 0, PROMPT);
      Steps.last(one, 0, 3, 1, 4, 1);
      Steps.last(two, 0, 9, 9, 9, 9);
      assertThat(Steps.forward(one, Steps.row(0, 4, 5))[0]).containsExactly(alone, within(1e-5f));
    }
  }

  @Test
  void failsWhenAWeightFileIsCutAfterLoading() throws IOException {
    Checkpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    Path file = checkpoint.weight(WeightRole.EMBEDDING).info().file();
    try (Backend backend = open(checkpoint, Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(1, 8))) {
      Steps.last(session, 0, PROMPT);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(100);
      }
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> Steps.last(session, 0, PROMPT))
          .withMessageStartingWith(file + " has 100 bytes, but its weights end at")
          .withMessageEndingWith("Fetch it again and load the model anew.");
    }
  }

  @Test
  void countsWeightsAndCaches() {
    Checkpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    long inItsFile = checkpoint.weight(WeightRole.EMBEDDING).info().byteLength();
    long stored = checkpoint.weightBytes();
    try (Backend backend = open(checkpoint, Precision.FP32)) {
      long weights = backend.allocatedBytes();
      assertThat(weights).isEqualTo(stored - inItsFile);
      DecoderSession session = backend.openSession(new CacheLayout(4, 8));
      // 2 layers, keys and values of 4 slots of 8 positions of one head of 16
      assertThat(backend.allocatedBytes() - weights).isEqualTo(2 * 2 * 4 * 8 * 16 * 4);
      session.close();
      assertThat(backend.allocatedBytes()).isEqualTo(weights);
    }
  }

  @Test
  void computesInSinglePrecisionOnCpuAndSaysSo() {
    try (Backend backend = open(RandomCheckpoint.write(MODEL, folder), Precision.BF16)) {
      assertThat(backend.precision().requested()).isEqualTo(Precision.BF16);
      assertThat(backend.precision().storage()).isEqualTo(Precision.FP32);
      assertThat(backend.precision().compute()).isEqualTo(Precision.FP32);
      assertThat(backend.precision().reason()).contains("rounded to BF16 and held as FP32");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roundsWeightsExactlyToBf16(boolean kept) {
    assertThat(logits(OnnxBackendTest::oftenTiny, Precision.BF16, kept))
        .containsExactly(
            logits(weight -> rounded(oftenTiny(weight), 8, -126), Precision.FP32, false))
        .isNotEqualTo(logits(OnnxBackendTest::oftenTiny, Precision.FP32, false));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roundsWeightsExactlyToFp16(boolean kept) {
    assertThat(logits(OnnxBackendTest::oftenTiny, Precision.FP16, kept))
        .containsExactly(
            logits(weight -> rounded(oftenTiny(weight), 11, -14), Precision.FP32, false))
        .isNotEqualTo(logits(OnnxBackendTest::oftenTiny, Precision.FP32, false));
  }

  @Test
  void refusesWeightThatFp16CannotHold() {
    Checkpoint checkpoint =
        RandomCheckpoint.write(MODEL, folder, weight -> weight > 1.4f ? 70000f : weight);
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> open(checkpoint, Precision.FP16))
        .withMessageMatching("Tensor '.+' holds 70000\\.0, and FP16 ends at 65504.*BF16 or FP32.*");
    open(checkpoint, Precision.BF16).close();
  }

  @ParameterizedTest
  @CsvSource({"FP16, 65504, 65519.996, 65520", "BF16, 3.3895314E38, 3.3961773E38, 3.3961775E38"})
  void takesWeightsUpToWhereTheyAreRoundedToInfinity(
      Precision half, float largest, float below, float beyond) {
    for (float inRange : new float[] {largest, below}) {
      try (Backend backend = open(with(inRange), half)) {
        assertThat(backend.precision()).isEqualTo(Precisions.inFloats(Device.cpu(), half));
      }
    }
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> open(with(beyond), half))
        .withMessageMatching(
            "Tensor '.+' holds \\S+, and " + half + " ends at " + largest + "[. ].*FP32.*");
    BackendOptions widening =
        new BackendOptions(Device.cpu(), half, 1)
            .withHalf(new HalfPrecision(false, BeyondRange.WIDEN));
    try (Backend widened = new OnnxBackendProvider().open(with(beyond), widening)) {
      assertThat(widened.precision().requested()).isEqualTo(half);
      assertThat(widened.precision().reason()).contains("which " + half + " can't hold");
    }
  }

  private Checkpoint with(float number) {
    return RandomCheckpoint.write(MODEL, folder, weight -> weight > 1.4f ? number : weight);
  }

  @Test
  void widensAModelWithAWeightThatFp16CannotHold() {
    Checkpoint checkpoint =
        RandomCheckpoint.write(MODEL, folder, weight -> weight > 1.4f ? 70000f : weight);
    BackendOptions widening =
        new BackendOptions(Device.cpu(), Precision.FP16, 1)
            .withHalf(new HalfPrecision(false, BeyondRange.WIDEN));
    try (Backend widened = new OnnxBackendProvider().open(checkpoint, widening);
        Backend single = open(checkpoint, Precision.FP32)) {
      assertThat(widened.precision().storage()).isEqualTo(Precision.FP32);
      assertThat(widened.precision().reason())
          .matches("tensor '.+' holds a weight of magnitude 70000\\.0, which FP16 can't hold; .*");
      assertThat(logits(widened)).containsExactly(logits(single));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16", "INT8", "INT4"})
  void refusesWeightsThatAreNoNumbersInEveryPrecision(Precision precision) {
    for (float broken : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      Checkpoint checkpoint =
          RandomCheckpoint.write(MODEL, folder, weight -> weight > 1.4f ? broken : weight);
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> open(checkpoint, precision))
          .withMessageContaining("tensor '")
          .withMessageContaining(String.valueOf(broken).replace("-", ""));
    }
  }

  @Test
  void mapsWeightsUnderAnyFolderName() {
    Path odd = folder.resolve("models = ünïcode & spaces");
    float[] expected = logits(weight -> weight, Precision.FP32, false);
    try (Backend backend = open(RandomCheckpoint.write(MODEL, odd), Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(1, 8))) {
      assertThat(Steps.last(session, 0, PROMPT)).containsExactly(expected);
    }
  }

  @Test
  void reportsWeightFileThatIsGone() throws IOException {
    RandomCheckpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    Files.delete(checkpoint.weight(WeightRole.EMBEDDING).info().file());
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> open(checkpoint, Precision.FP32))
        .withMessageContaining("could not load the model")
        .withMessageContaining("weights.bin");
  }

  @Test
  void reportsWeightFileThatWasTruncatedMeanwhile() throws IOException {
    RandomCheckpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    Path file = checkpoint.weight(WeightRole.EMBEDDING).info().file();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(1000);
    }
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> open(checkpoint, Precision.FP32))
        .withMessageContaining("could not load the model");
  }

  @Test
  void takesSlotsBeyondWhatAJavaBufferCovers() {
    try (Backend backend = open(RandomCheckpoint.write(MODEL, folder), Precision.FP32);
        DecoderSession session = backend.openSession(new CacheLayout(1, Integer.MAX_VALUE))) {
      assertThat(Steps.last(session, 0, PROMPT)).hasSize(64);
    }
  }

  @Test
  void refusesCacheWhoseSlotIsNoTensorOfTheJavaApi() {
    try (Backend backend =
        new OnnxBackendProvider(RunMode.PINNED)
            .open(
                RandomCheckpoint.write(MODEL, folder),
                new BackendOptions(Device.cpu(), Precision.FP32, 1))) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> backend.openSession(new CacheLayout(1, Integer.MAX_VALUE)))
          .withMessageContaining("2147483647 tokens")
          .withMessageContaining("shorter context");
    }
  }

  private float[] logits(UnaryOperator<Float> change, Precision precision, boolean kept) {
    ConversionCache cache =
        kept ? ConversionCache.in(folder.resolve("kept")) : ConversionCache.off();
    BackendOptions options = new BackendOptions(Device.cpu(), precision, 1, cache);
    Checkpoint checkpoint = RandomCheckpoint.write(MODEL, folder, change);
    try (Backend backend = new OnnxBackendProvider().open(checkpoint, options)) {
      assertThat(backend.conversion().isPresent()).isEqualTo(kept);
      return logits(backend);
    }
  }

  /** A third of all weights as it is, a third among FP16's subnormal numbers, a third below. */
  private static float oftenTiny(float weight) {
    int kind = Math.floorMod(Float.floatToIntBits(weight), 3);
    return kind == 0 ? weight : weight * (kind == 1 ? 0x1p-16f : 0x1p-24f);
  }

  private static float[] logits(Backend backend) {
    try (DecoderSession session = backend.openSession(new CacheLayout(1, 8))) {
      return Steps.last(session, 0, PROMPT);
    }
  }

  /** The nearest number with so many significant bits, to even where two are as near. */
  private static float rounded(float number, int bits, int smallestExponent) {
    int exponent = Math.max(Math.getExponent(number), smallestExponent);
    double step = Math.scalb(1.0, exponent - bits + 1);
    return (float) (Math.rint(number / step) * step);
  }

  private static Backend open(Checkpoint checkpoint, Precision precision) {
    return new OnnxBackendProvider()
        .open(checkpoint, new BackendOptions(Device.cpu(), precision, 1));
  }
}
