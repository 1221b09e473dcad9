package dev.loquat.testkit.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.error.DeviceMapException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.internal.planning.StagePlanner;
import dev.loquat.memory.MemoryPlan;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten layers of 100 bytes and a byte of cache for each position, 50 before and 150 after them. */
class StagePlannerTest extends PlannedStages {
  private static final Device THIRD = Device.cpu(2);

  StagePlannerTest() {
    super(new LayeredProvider());
  }

  @Test
  void autoGoesByTheSizeOfDevices() {
    DeviceMap map = DeviceMap.auto(FIRST, SECOND).limit(FIRST, 3000).limit(SECOND, 1000);
    assertThat(stages(map)).containsExactly("cpu 0-8", "cpu:1 9");
  }

  @Test
  void balancedGivesEveryDeviceAsMuch() {
    DeviceMap map = DeviceMap.balanced(FIRST, SECOND).limit(FIRST, 3000).limit(SECOND, 1000);
    assertThat(stages(map)).containsExactly("cpu 0-4", "cpu:1 5-9");
    assertThat(stages(DeviceMap.balanced(FIRST, SECOND, THIRD)))
        .containsExactly("cpu 0-2", "cpu:1 3-6", "cpu:2 7-9");
  }

  @Test
  void balancedKeepsToLimits() {
    DeviceMap map = DeviceMap.balanced(FIRST, SECOND).limit(FIRST, 2000).limit(SECOND, 480);
    assertThat(stages(map)).containsExactly("cpu 0-6", "cpu:1 7-9");
  }

  @Test
  void sequentialFillsADeviceBeforeTheNext() {
    DeviceMap map = DeviceMap.sequential(FIRST, SECOND, THIRD).limit(FIRST, 50 + 6 * 110);
    assertThat(stages(map)).containsExactly("cpu 0-5", "cpu:1 6-9");
    assertThat(stages(map.limit(FIRST, 50 + 6 * 110 - 1))).startsWith("cpu 0-4");
  }

  @Test
  void manualIsAsTheCallerSays() {
    DeviceMap map =
        DeviceMap.manual(
            Map.of(
                LayerSpan.of(0, 2),
                SECOND,
                LayerSpan.of(2, 9),
                FIRST,
                LayerSpan.of(9, 10),
                SECOND));
    assertThat(stages(map)).containsExactly("cpu:1 0-1", "cpu 2-8", "cpu:1 9");
  }

  @Test
  void theProcessorTakesOnlyWhatGpusDoNotHold() {
    assertThat(stages(DeviceMap.auto(GPU, FIRST))).containsExactly("cuda:0 0-9");
    assertThat(stages(DeviceMap.auto(GPU, FIRST).limit(GPU, 500)))
        .containsExactly("cuda:0 0-3", "cpu 4-9");
  }

  @Test
  void partsOfTheProcessorWithoutLimitShareWhatOthersLeave() {
    DeviceMap map = DeviceMap.auto(FIRST, SECOND, THIRD).limit(FIRST, 1300);
    assertThat(planner(map, 2900).place(terms(1)))
        .extracting(stage -> stage.device() + " " + stage.availableBytes())
        .containsExactly("cpu 1300", "cpu:1 800", "cpu:2 800");
  }

  @Test
  void unknownSizesAreBalanced() {
    DeviceMap map = DeviceMap.auto(FIRST, SECOND);
    assertThat(planner(map, DeviceInfo.UNKNOWN).place(terms(1)))
        .extracting(stage -> stage.layers().toString())
        .containsExactly("0-4", "5-9");
  }

  @Test
  void moreDevicesThanLayersStayEmpty() {
    Device[] many = IntStream.range(0, 12).mapToObj(Device::cpu).toArray(Device[]::new);
    assertThat(stages(DeviceMap.balanced(many))).hasSize(10);
  }

  @Test
  void refusesALimitThatHoldsNoLayer() {
    DeviceMap map = DeviceMap.auto(FIRST, SECOND).limit(SECOND, 109);
    assertThatThrownBy(() -> stages(map))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessage(
            "cpu:1 can't hold one layer of the model: at least 110 bytes are needed with its KV"
                + " cache and workspace, but only 109 bytes are available. Raise the limit, use a"
                + " smaller batch, a shorter context or a narrower precision, or leave the device out.");
  }

  @Test
  void refusesLimitsThatAreTooSmallTogether() {
    DeviceMap map = DeviceMap.balanced(FIRST, SECOND).limit(FIRST, 600).limit(SECOND, 600);
    assertThatThrownBy(() -> stages(map))
        .isInstanceOfSatisfying(
            OutOfMemoryException.class,
            failure -> {
              assertThat(failure.neededBytes()).isEqualTo(50 + 10 * 110 + 150);
              assertThat(failure.availableBytes()).isEqualTo(1200);
            })
        .hasMessageContaining("10 layers don't fit")
        .hasMessageContaining("what can be had is 600 bytes on cpu, 600 bytes on cpu:1.");
  }

  @Test
  void refusesRangesThatALimitDoesNotHold() {
    DeviceMap map =
        DeviceMap.manual(Map.of(LayerSpan.of(0, 8), FIRST, LayerSpan.of(8, 10), SECOND))
            .limit(FIRST, 929);
    assertThatThrownBy(() -> stages(map))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("with layers {");
    assertThat(stages(map.limit(FIRST, 930))).hasSize(2);
  }

  @Test
  void refusesRangesOfAnotherNumberOfLayers() {
    for (int end : new int[] {9, 11}) {
      DeviceMap map =
          DeviceMap.manual(Map.of(LayerSpan.of(0, 5), FIRST, LayerSpan.of(5, end), SECOND));
      assertThatThrownBy(() -> stages(map))
          .isInstanceOf(DeviceMapException.class)
          .hasMessageContaining("ends with layer " + (end - 1))
          .hasMessageContaining("the model's last is layer 9")
          .hasMessageContaining("Map every layer once, from 0 to 9.");
    }
  }

  @Test
  void plansBatchContextAndStages() {
    DeviceMap map = DeviceMap.balanced(FIRST, SECOND).limit(FIRST, 750).limit(SECOND, 850);
    MemoryPlan plan = planner(map, PLENTY).plan(terms(2));
    assertThat(plan.fits()).isTrue();
    assertThat(plan.largestBatch()).isEqualTo(4);
    assertThat(plan.largestContext()).isEqualTo(CONTEXT);
    assertThat(plan.need().onDevice().weightBytes()).isEqualTo(1200);
    assertThat(plan.need().onDevice().cacheBytes()).isEqualTo(200);
    assertThat(plan.table().lines())
        .containsExactly(
            "batch 2, context 10, in MiB, reference, FP32",
            "device   layers    weights    cache  workspace  loading    needs         of  fits",
            "cpu      0-4           0.0      0.0        0.0      0.0      0.0        0.0  yes",
            "cpu:1    5-9           0.0      0.0        0.0      0.0      0.0        0.0  yes",
            "needs = weights + the greater of loading and cache + workspace; 7.1 KiB of the machine's"
                + " memory between stages",
            "largest batch 4, largest context 10");
  }

  @Test
  void plansLayersThatDoNotFitAndTellsWhatWould() {
    DeviceMap map = DeviceMap.balanced(FIRST, SECOND).limit(FIRST, 750).limit(SECOND, 850);
    MemoryPlan plan = planner(map, PLENTY).plan(terms(6));
    assertThat(plan.fits()).isFalse();
    assertThat(plan.stages())
        .extracting(stage -> stage.device() + " " + stage.layers() + " " + stage.neededBytes())
        .containsExactly("cpu 0-4 850", "cpu:1 5-9 950");
    assertThat(plan.table().lines())
        .anyMatch(line -> line.startsWith("cpu ") && line.endsWith("no, 100 bytes too few"))
        .anyMatch(line -> line.startsWith("cpu:1 ") && line.endsWith("no, 100 bytes too few"))
        .last()
        .isEqualTo("largest batch 4, largest context 6; to make it fit: batch(4)");
    assertThat(plan.remedy().orElseThrow().need().onDevice().cacheBytes()).isEqualTo(400);
  }

  @Test
  void addsUpWhatAMapPutsOnOneDevice() {
    DeviceMap map =
        DeviceMap.manual(
            Map.of(
                LayerSpan.of(0, 4), FIRST, LayerSpan.of(4, 8), SECOND, LayerSpan.of(8, 10), FIRST));
    long needed = 50 + 6 * 110 + 150;
    assertThat(planner(map.limit(FIRST, needed), PLENTY).plan(terms(1)).fits()).isTrue();
    MemoryPlan plan = planner(map.limit(FIRST, needed - 1), PLENTY).plan(terms(1));
    assertThat(plan.fits()).isFalse();
    assertThat(plan.table().lines().filter(line -> line.endsWith("no, 1 bytes too few")))
        .hasSize(2);
  }

  @Test
  void skipsNoDeviceThatHoldsNoLayer() {
    DeviceMap map = DeviceMap.sequential(FIRST, SECOND, THIRD).limit(FIRST, 500).limit(SECOND, 109);
    assertThatThrownBy(() -> stages(map))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageStartingWith("cpu:1 can't hold one layer of the model");
    assertThat(planner(map, PLENTY).plan(terms(1)).table().lines())
        .filteredOn(line -> line.contains("no, "))
        .singleElement()
        .asString()
        .startsWith("cpu:1    4 ")
        .endsWith("no, 1 bytes too few");
  }

  @Test
  void saysThatNothingMakesTheLayersFit() {
    DeviceMap map = DeviceMap.auto(FIRST, SECOND).limit(FIRST, 1).limit(SECOND, 1);
    assertThat(planner(map, PLENTY).plan(terms(1)).table())
        .endsWith(
            "largest batch 0, largest context 0; nothing makes it fit these devices; raise a limit,"
                + " add a device or choose a smaller model");
  }

  @Test
  void plansAsFittingWhatCanBePlacedAndNothingElse() {
    List<DeviceMap> maps =
        List.of(
            DeviceMap.auto(FIRST, SECOND),
            DeviceMap.auto(GPU, FIRST),
            DeviceMap.balanced(FIRST, SECOND),
            DeviceMap.sequential(FIRST, SECOND),
            DeviceMap.sequential(GPU, FIRST, SECOND),
            DeviceMap.manual(Map.of(LayerSpan.of(0, 4), FIRST, LayerSpan.of(4, 10), SECOND)),
            DeviceMap.auto(FIRST).offloadToDisk());
    int unfit = 0;
    for (DeviceMap map : maps) {
      for (long limit = 1; limit < 1500; limit += 53) {
        for (long other : new long[] {1, 150, 700, 1500}) {
          StagePlanner planner = planner(limited(map, limit, other), PLENTY);
          MemoryPlan plan = planner.plan(terms(1));
          assertThat(plan.fits()).as("%s", plan).isEqualTo(isPlaced(planner));
          assertThat(plan.remedy().isPresent() && plan.fits()).isFalse();
          assertThat(plan.stages().stream().mapToInt(stage -> stage.layers().count()).sum())
              .isEqualTo(10);
          unfit += plan.fits() ? 0 : 1;
        }
      }
    }
    assertThat(unfit).isBetween(100, maps.size() * 29 * 4 - 100);
  }

  /** Limits for the first device and the last. */
  private static DeviceMap limited(DeviceMap map, long limit, long other) {
    List<Device> devices = map.devices();
    DeviceMap one = map.limit(devices.get(0), limit);
    return one.limit(devices.get(devices.size() - 1), other);
  }

  private boolean isPlaced(StagePlanner planner) {
    try {
      return !planner.place(terms(1)).isEmpty();
    } catch (OutOfMemoryException e) {
      return false;
    }
  }
}
