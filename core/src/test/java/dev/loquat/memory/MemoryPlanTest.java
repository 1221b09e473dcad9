package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static final long MIB = 1 << 20;

  private static MemoryNeed need(Device device, long available) {
    return new MemoryNeed(
        "onnx",
        device,
        EffectivePrecision.asRequested(Precision.FP32),
        4,
        100,
        new DeviceShare(500 * MIB, 40 * MIB, 10 * MIB, 80 * MIB),
        new HostShare(200 * MIB, 30 * MIB, 7 * MIB, 60 * MIB),
        available);
  }

  @Test
  void countsTheGreaterOfLoadingAndSteps() {
    assertThat(new DeviceShare(500, 40, 10, 80).peakBytes()).isEqualTo(580);
    assertThat(new DeviceShare(500, 80, 10, 80).peakBytes()).isEqualTo(590);
  }

  @Test
  void needsOnTheHostWhatComesToTheProcess() {
    MemoryNeed need = need(Device.cpu(), 610 * MIB);
    assertThat(need.neededBytes()).isEqualTo(610 * MIB);
    assertThat(need.fits()).isTrue();
    assertThat(need(Device.cpu(), 610 * MIB - 1).fits()).isFalse();
  }

  @Test
  void predictsTheWholeProcessOnTheHost() {
    assertThat(need(Device.cpu(), 0).predictedPeakBytes())
        .isEqualTo((200 + 30 + 500 + 40 + 10 + 60) * MIB);
  }

  @Test
  void predictsTheModelAloneOnOtherDevices() {
    MemoryNeed need = need(Device.cuda(1), 580 * MIB);
    assertThat(need.predictedPeakBytes()).isEqualTo(580 * MIB);
    assertThat(need.neededBytes()).isEqualTo(580 * MIB);
  }

  @Test
  void fitsWhereNothingTellsWhatIsAvailable() {
    assertThat(need(Device.mps(), DeviceInfo.UNKNOWN).fits()).isTrue();
  }

  @Test
  void dividesTheCacheBySlots() {
    assertThat(need(Device.cpu(), 0).cacheBytesPerSlot()).isEqualTo(10 * MIB);
  }

  @Test
  void printsWhatMakesItFit() {
    MemoryNeed need = need(Device.cpu(), 600 * MIB);
    PlanChange change = new PlanChange(PlanChange.Kind.SMALLER_BATCH, need);
    MemoryPlan plan =
        new MemoryPlan(need, List.of(need(Device.cuda(0), -1)), 3, 75, Optional.of(change));
    assertThat(plan.table().lines())
        .containsExactly(
            "batch 4, context 100, in MiB",
            "device   backend  precision       weights cache/slot    cache  workspace  loading"
                + "  runtime    needs  fits",
            "cpu      onnx     FP32              500.0       10.0     40.0       10.0     80.0"
                + "     30.0    610.0  no, 600.0 available",
            "cuda:0   onnx     FP32              500.0       10.0     40.0       10.0     80.0"
                + "     30.0    580.0  yes, unknown",
            "needs = weights + the greater of loading and cache + workspace, + runtime on cpu; the"
                + " process holds 200.0 MiB beside it",
            "largest batch 3, largest context 75; to make it fit: batch(4)");
    assertThat(plan).hasToString(plan.table());
  }

  @Test
  void columnsAddUpAsTheLineBelowThemSays() {
    MemoryNeed need = need(Device.cpu(), 0);
    for (DeviceShare share :
        List.of(need.onDevice(), new DeviceShare(7 * MIB, 5 * MIB, 3 * MIB, 2 * MIB))) {
      MemoryNeed one =
          new MemoryNeed(
              "onnx", need.device(), need.precision(), 1, 100, share, need.onHost(), MIB);
      String table = new MemoryPlan(one, List.of(), 0, 0, Optional.empty()).table();
      String[] row = table.lines().toList().get(2).split(" +", -1);
      double weights = Double.parseDouble(row[3]);
      double cache = Double.parseDouble(row[5]);
      double workspace = Double.parseDouble(row[6]);
      double loading = Double.parseDouble(row[7]);
      double runtime = Double.parseDouble(row[8]);
      assertThat(row[9]).isEqualTo("" + (weights + Math.max(loading, cache + workspace) + runtime));
    }
  }

  @Test
  void saysWhatIsMissingWhereRoundedColumnsLookEnough() {
    MemoryPlan plan =
        new MemoryPlan(need(Device.cpu(), 610 * MIB - 5), List.of(), 0, 0, Optional.empty());
    assertThat(plan.table()).contains("610.0  no, 610.0 available, 5 bytes too few\n");
  }

  @Test
  void saysThatNothingMakesItFit() {
    MemoryPlan plan = new MemoryPlan(need(Device.cpu(), 1), List.of(), 0, 0, Optional.empty());
    assertThat(plan.table()).endsWith("nothing makes it fit; choose a smaller model");
  }

  @Test
  void refusesNegativeBytes() {
    assertThatThrownBy(() -> new DeviceShare(1, -2, 3, 4))
        .hasMessage("cacheBytes is -2; expected 0 or more");
  }
}
