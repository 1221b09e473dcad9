package dev.loquat.testkit.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.backend.Support;
import dev.loquat.backend.WorkingMemory;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.planning.ChosenPrecision;
import dev.loquat.internal.planning.MemoryPlanner;
import dev.loquat.internal.planning.PlanTerms;
import dev.loquat.internal.planning.PrecisionChooser;
import dev.loquat.internal.planning.StagePlanner;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend that takes 4000 bytes for FP32, 2000 for FP16, 1100 for INT8 and 700 for INT4. */
class PrecisionChooserTest {
  private static final Map<Precision, Long> BYTES =
      Map.of(
          Precision.FP32, 4000L,
          Precision.FP16, 2000L,
          Precision.INT8, 1100L,
          Precision.INT4, 700L);
  private static final String MEASURED = "FP16 was faster";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private ChosenPrecision choose(long available, Precision... order) throws IOException {
    BackendChoice choice = new BackendChoice(new Weighing(), Device.cuda(0));
    Path written = TinyCheckpoint.llama().layers(1).writeTo(folder);
    try (Checkpoint checkpoint = Checkpoint.open(written)) {
      MemoryPlanner planner =
          new MemoryPlanner(checkpoint, HalfPrecision.MIXED, device -> available, 0);
      PrecisionAdvice advice = new PrecisionAdvice(List.of(order), MEASURED);
      PlanTerms terms = new PlanTerms(Precision.AUTO, new CacheLayout(1, 8), 512, 0);
      return new PrecisionChooser(planner.trial(choice, terms), advice).choose();
    }
  }

  @Test
  void takesWhatTheBackendAdvisesFirst() throws IOException {
    assertThat(choose(9000, Precision.FP16, Precision.FP32))
        .isEqualTo(new ChosenPrecision(Precision.AUTO, Precision.FP16, MEASURED));
    assertThat(choose(9000, Precision.FP32, Precision.FP16).precision()).isEqualTo(Precision.FP32);
  }

  @Test
  void takesWhatIsNoLessExactThanFp16BeforeIntegers() throws IOException {
    assertThat(choose(3999, Precision.FP32, Precision.FP16))
        .isEqualTo(
            new ChosenPrecision(
                Precision.AUTO,
                Precision.FP16,
                "FP32 needs 3.906 KiB, and 3.905 KiB are available"));
    assertThat(choose(2000, Precision.FP32, Precision.FP16).precision()).isEqualTo(Precision.FP16);
  }

  @Test
  void takesIntegersOnlyWhereMemoryForcesIt() throws IOException {
    ChosenPrecision forced = choose(1999, Precision.FP32, Precision.FP16);
    assertThat(forced.precision()).isEqualTo(Precision.INT8);
    assertThat(forced.reason()).isEqualTo("FP32 needs 3.9 KiB, and 2.0 KiB are available");
    assertThat(choose(1099, Precision.FP32, Precision.FP16).precision()).isEqualTo(Precision.INT4);
  }

  @Test
  void takesTheLeastWhereNothingFits() throws IOException {
    assertThat(choose(699, Precision.FP32, Precision.FP16))
        .isEqualTo(
            new ChosenPrecision(Precision.AUTO, Precision.INT4, "none fits, and it needs least"));
  }

  @Test
  void neverTakesWhatTheBackendLacks() throws IOException {
    assertThat(choose(9000, Precision.BF16, Precision.FP32).precision()).isEqualTo(Precision.FP32);
  }

  @Test
  void weighsAMapOnAllItsDevices() throws IOException {
    assertThat(chooseForTwo(2000).precision()).isEqualTo(Precision.FP32);
    assertThat(chooseForTwo(1999))
        .isEqualTo(
            new ChosenPrecision(
                Precision.AUTO, Precision.FP16, "FP32 needs 3.91 KiB, and 3.90 KiB are available"));
    assertThat(chooseForTwo(999).precision()).isEqualTo(Precision.INT8);
  }

  private ChosenPrecision chooseForTwo(long availableOnEach) throws IOException {
    List<Device> devices = List.of(Device.cuda(0), Device.cuda(1));
    DeviceMap map = DeviceMap.balanced(devices.toArray(Device[]::new));
    try (Checkpoint checkpoint =
        Checkpoint.open(TinyCheckpoint.llama().layers(2).writeTo(folder))) {
      StagePlanner planner =
          new StagePlanner(
              checkpoint,
              new Weighing(),
              map,
              devices,
              HalfPrecision.MIXED,
              device -> availableOnEach,
              0);
      PlanTerms terms = new PlanTerms(Precision.AUTO, new CacheLayout(1, 8), 512, 0);
      PrecisionAdvice advice =
          new PrecisionAdvice(List.of(Precision.FP32, Precision.FP16), MEASURED);
      return new PrecisionChooser(planner.trial(terms), advice).choose();
    }
  }

  @Test
  void explainsWhatBecameOfTheRequest() throws IOException {
    EffectivePrecision effective =
        new EffectivePrecision(Precision.FP16, Precision.FP16, Precision.FP32, "faster so");
    assertThat(choose(9000, Precision.FP16).explain(effective))
        .hasToString("FP16 weights, FP32 compute (AUTO requested: FP16 was faster; faster so)");
  }

  private static final class Weighing extends ProviderDecorator {
    Weighing() {
      super(new ScriptedBackendProvider());
    }

    @Override
    public Support supports(Device device) {
      return Support.yes();
    }

    @Override
    public Support supports(ModelConfig model, Device device, Precision precision) {
      return BYTES.containsKey(precision) ? Support.yes() : Support.no("not weighed");
    }

    @Override
    public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
      return new MemoryEstimate(
          EffectivePrecision.asRequested(options.precision()),
          BYTES.getOrDefault(options.precision(), 0L),
          0,
          0,
          WorkingMemory.NONE,
          WorkingMemory.NONE,
          0);
    }

    @Override
    public MemoryEstimate estimate(
        Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
      MemoryEstimate whole = estimate(checkpoint, options, use);
      return new MemoryEstimate(
          whole.precision(),
          whole.weightBytes() * range.count() / range.total(),
          0,
          0,
          WorkingMemory.NONE,
          WorkingMemory.NONE,
          0);
    }
  }
}
