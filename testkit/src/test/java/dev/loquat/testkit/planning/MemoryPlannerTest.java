package dev.loquat.testkit.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.Precision;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.planning.MemoryPlanner;
import dev.loquat.internal.planning.PlanTerms;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.PlanChange;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPlannerTest {
  private static final int CONTEXT = 50;
  private static final BackendChoice GPU = new BackendChoice(new WeighedProvider(), Device.cuda(0));
  private static final BackendChoice OTHER =
      new BackendChoice(new WeighedProvider(), Device.cuda(1));

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @SuppressWarnings("NullAway.Init")
  private Checkpoint checkpoint;

  @BeforeEach
  void open() throws IOException {
    checkpoint =
        Checkpoint.open(TinyCheckpoint.llama().layers(1).contextLength(CONTEXT).writeTo(folder));
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  private MemoryPlan plan(int batch, long available) {
    return plan(batch, available, List.of());
  }

  private MemoryPlan plan(int batch, long available, List<BackendChoice> others) {
    MemoryPlanner planner =
        new MemoryPlanner(
            checkpoint,
            HalfPrecision.MIXED,
            device -> device.equals(GPU.device()) ? available : 1_000_000,
            0);
    return planner.plan(GPU, others, terms(batch));
  }

  private static PlanTerms terms(int batch) {
    return new PlanTerms(Precision.FP32, new CacheLayout(batch, CONTEXT), 512, 0);
  }

  @Test
  void addsUpWeightsAndCache() {
    MemoryNeed need = plan(4, 3000).need();
    assertThat(need.onDevice().weightBytes()).isEqualTo(1000);
    assertThat(need.cacheBytesPerSlot()).isEqualTo(500);
    assertThat(need.neededBytes()).isEqualTo(1000 + 4 * 500);
    assertThat(need.fits()).isTrue();
  }

  @Test
  void findsTheLargestBatchThatFits() {
    assertThat(plan(1, 2999).largestBatch()).isEqualTo(3);
    assertThat(plan(1, 3000).largestBatch()).isEqualTo(4);
    assertThat(plan(1, 1499).largestBatch()).isZero();
    assertThat(plan(1, DeviceInfo.UNKNOWN).largestBatch()).isEqualTo(MemoryPlan.MAX_BATCH);
  }

  @Test
  void findsTheLongestContextThatFits() {
    assertThat(plan(4, 2999).largestContext()).isEqualTo(49);
    assertThat(plan(4, 9999).largestContext()).isEqualTo(CONTEXT);
    assertThat(plan(4, 1000 + 79).largestContext()).isZero();
  }

  @Test
  void prefersASmallerBatch() {
    assertThat(plan(4, 2200).remedy())
        .hasValueSatisfying(
            change -> {
              assertThat(change.kind()).isEqualTo(PlanChange.Kind.SMALLER_BATCH);
              assertThat(change).hasToString("batch(2)");
              assertThat(change.need().fits()).isTrue();
            });
  }

  @Test
  void turnsToAnotherPrecisionWhereNoBatchFits() {
    assertThat(plan(4, 1499).remedy()).get().hasToString("withPrecision(FP16).batch(1)");
  }

  @Test
  void turnsToAShorterContextWhereNoPrecisionFits() {
    assertThat(plan(4, 999).remedy())
        .get()
        .hasToString("withPrecision(FP16).batch(1).contextLength(49)");
  }

  @Test
  void turnsToAnotherDeviceAtLast() {
    assertThat(plan(4, 100, List.of(OTHER)).remedy())
        .get()
        .hasToString("onDevice(cuda:1).backend(\"weighed\")");
    assertThat(plan(4, 100).remedy()).isEmpty();
  }

  @Test
  void needsNoRemedyWhereItFits() {
    assertThat(plan(4, 3000).remedy()).isEmpty();
  }

  @Test
  void listsPrecisionsOfTheDeviceThenOtherDevices() {
    assertThat(plan(4, 3000, List.of(OTHER)).alternatives())
        .extracting(need -> need.device() + " " + need.precision().requested())
        .containsExactly("cuda:0 FP16", "cuda:1 FP32");
  }

  @Test
  void takesOnlyPrecisionsBesideWhichTheBackendHasTheCacheAskedFor() {
    PlanTerms free = terms(1);
    PlanTerms chosen =
        new PlanTerms(
            Precision.FP32,
            free.layout(),
            512,
            0,
            /* cachePrecision= */ Precision.INT8,
            ConversionCache.off());
    MemoryPlanner planner = new MemoryPlanner(checkpoint, HalfPrecision.MIXED, device -> 3000, 0);
    assertThat(planner.trial(GPU, free).isSupported(Precision.FP16)).isTrue();
    assertThat(planner.trial(GPU, chosen).isSupported(Precision.FP16)).isFalse();
  }

  @Test
  void hasBackendsEstimateForTheCacheOfConvertedWeights() {
    ConversionCache kept = ConversionCache.in(folder.resolve("kept"));
    List<ConversionCache> asked = new ArrayList<>();
    BackendChoice choice =
        new BackendChoice(
            new WeighedProvider(options -> asked.add(options.conversionCache())), Device.cuda(0));
    PlanTerms terms =
        new PlanTerms(Precision.FP32, terms(1).layout(), 512, 0, Precision.AUTO, kept);
    MemoryPlanner planner = new MemoryPlanner(checkpoint, HalfPrecision.MIXED, device -> 3000, 0);
    MemoryPlan unused = planner.plan(choice, List.of(), terms);
    assertThat(asked).hasSizeGreaterThan(2).containsOnly(kept);
  }

  @Test
  void countsWhatComesToTheProcessOnlyOnTheHost() {
    BackendChoice host = new BackendChoice(new WeighedProvider(), Device.cpu());
    MemoryPlanner planner =
        new MemoryPlanner(checkpoint, HalfPrecision.MIXED, device -> 3000, 7_000_000);
    MemoryNeed need = planner.need(host, terms(4));
    assertThat(need.neededBytes()).isEqualTo(3000 + need.onHost().runtimeBytes());
    assertThat(need.predictedPeakBytes()).isEqualTo(7_000_000 + need.neededBytes());
    assertThat(planner.need(GPU, terms(4)).neededBytes()).isEqualTo(3000);
  }
}
