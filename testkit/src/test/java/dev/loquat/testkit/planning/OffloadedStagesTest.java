package dev.loquat.testkit.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.WorkingMemory;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.error.DeviceMapException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.StageNeed;
import dev.loquat.testkit.mutation.ProviderDecorator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ten layers of 100 bytes, in files where they lie on disk, with a cache of 10 bytes each. */
class OffloadedStagesTest extends PlannedStages {

  OffloadedStagesTest() {
    super(new Offloading());
  }

  @Test
  void theDiskTakesWhatDevicesDoNotHold() {
    for (DeviceMap map :
        List.of(
            DeviceMap.auto(FIRST, SECOND),
            DeviceMap.balanced(FIRST, SECOND),
            DeviceMap.sequential(FIRST, SECOND))) {
      DeviceMap offloading = map.limit(FIRST, 440).limit(SECOND, 220).offloadToDisk();
      assertThat(stages(offloading)).containsExactly("cpu 0-3", "cpu:1 4-5", "disk 6-9");
    }
    assertThat(stages(DeviceMap.auto(GPU, FIRST).limit(GPU, 330).limit(FIRST, 440).offloadToDisk()))
        .containsExactly("cuda:0 0-2", "cpu 3-6", "disk 7-9");
  }

  @Test
  void theDiskTakesNothingThatFitsElsewhere() {
    assertThat(stages(DeviceMap.auto(FIRST).limit(FIRST, 1100).offloadToDisk()))
        .containsExactly("cpu 0-9");
  }

  @Test
  void theDiskTakesAllWhereNoLayerFits() {
    assertThat(stages(DeviceMap.auto(FIRST).limit(FIRST, 50).offloadToDisk()))
        .containsExactly("disk 0-9");
  }

  @Test
  void theProcessorLeavesRoomForTheCacheOfLayersOnDisk() {
    List<StageNeed> stages = planner(DeviceMap.auto(FIRST).offloadToDisk(), 700).place(terms(1));
    assertThat(stages.stream().mapToLong(StageNeed::neededBytes).sum()).isEqualTo(700);
    assertThat(stages.get(1).layers()).isEqualTo(LayerSpan.of(6, 10));
  }

  @Test
  void manualNamesTheDisk() {
    DeviceMap map =
        DeviceMap.manual(Map.of(LayerSpan.of(0, 3), Device.disk(), LayerSpan.of(3, 10), FIRST));
    assertThat(stages(map)).containsExactly("disk 0-2", "cpu 3-9");
    assertThatThrownBy(map::offloadToDisk)
        .isInstanceOf(DeviceMapException.class)
        .hasMessageContaining("Device.disk()");
  }

  @Test
  void theDiskIsTheLastOfAMap() {
    assertThatThrownBy(() -> DeviceMap.auto(Device.disk(), FIRST))
        .isInstanceOf(DeviceMapException.class)
        .hasMessageContaining("Name it last");
  }

  @Test
  void thePlanTellsWhatStaysInFiles() {
    DeviceMap map = DeviceMap.auto(FIRST).limit(FIRST, 440).offloadToDisk();
    assertThat(planner(map, PLENTY).plan(terms(1)).table())
        .contains("disk     4-9")
        .contains("layers 4-9 stay on disk: 600 bytes of files, read again where memory is short");
    assertThat(planner(map, PLENTY).place(terms(1)).get(1).fileBytes()).isEqualTo(600);
  }

  @Test
  void refusesWhatNotEvenTheDiskHelps() {
    DeviceMap map =
        DeviceMap.auto(FIRST).limit(FIRST, 440).offloadToDisk().limit(Device.disk(), 59);
    assertThatThrownBy(() -> stages(map))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("59 bytes on disk");
    assertThat(stages(map.limit(Device.disk(), 60))).containsExactly("cpu 0-3", "disk 4-9");
  }

  @Test
  void aMapThatIsTooSmallNamesTheDisk() {
    assertThatThrownBy(() -> stages(DeviceMap.auto(FIRST).limit(FIRST, 440)))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("DeviceMap.offloadToDisk");
  }

  private static final class Offloading extends ProviderDecorator {

    @Override
    public MemoryEstimate estimate(
        Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
      MemoryEstimate least = MemoryEstimate.least(checkpoint, range, options, use);
      boolean onDisk = options.device().kind() == DeviceKind.DISK;
      long weights = 100L * range.count();
      return new MemoryEstimate(
          least.precision(),
          onDisk ? 0 : weights,
          0,
          10L * range.count(),
          WorkingMemory.NONE,
          new WorkingMemory(0, onDisk ? weights : 0),
          0);
    }
  }
}
