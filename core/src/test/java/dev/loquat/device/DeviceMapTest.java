package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.error.DeviceMapException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceMapTest {
  private static final Device FIRST = Device.cpu(0);
  private static final Device SECOND = Device.cpu(1);

  @Test
  void takesDevicesInTheOrderOfTheirLayers() {
    DeviceMap map =
        DeviceMap.manual(
            Map.of(
                LayerSpan.of(20, 30),
                FIRST,
                LayerSpan.of(0, 5),
                SECOND,
                LayerSpan.of(5, 20),
                FIRST));
    assertThat(map.devices()).containsExactly(SECOND, FIRST);
  }

  @Test
  void refusesRangesThatOverlap() {
    assertThatThrownBy(
            () -> DeviceMap.manual(Map.of(LayerSpan.of(0, 5), FIRST, LayerSpan.of(4, 9), SECOND)))
        .isInstanceOf(DeviceMapException.class)
        .hasMessage(
            "Layer 4 is mapped twice: the ranges are {0-4=cpu, 4-8=cpu:1}. Map every layer once,"
                + " from layer 0 on.");
  }

  @Test
  void refusesLayersThatAreMissing() {
    assertThatThrownBy(
            () -> DeviceMap.manual(Map.of(LayerSpan.of(0, 5), FIRST, LayerSpan.of(7, 9), SECOND)))
        .isInstanceOf(DeviceMapException.class)
        .hasMessageStartingWith("Layers 5-6 are mapped to no device: the ranges are");
    assertThatThrownBy(() -> DeviceMap.manual(Map.of(LayerSpan.of(1, 5), FIRST)))
        .isInstanceOf(DeviceMapException.class)
        .hasMessageStartingWith("Layer 0 is mapped to no device");
  }

  @Test
  void refusesALimitOfADeviceThatIsNotItsOwn() {
    assertThatThrownBy(() -> DeviceMap.auto(FIRST).limit(SECOND, 1))
        .isInstanceOf(DeviceMapException.class)
        .hasMessage(
            "cpu:1 has a limit or layers, but the map is of [cpu]. Name it among them, or leave its"
                + " limit out.");
    assertThat(DeviceMap.auto().limit(SECOND, 1).limits()).containsEntry(SECOND, 1L);
  }

  @Test
  void refusesADeviceTwice() {
    assertThatThrownBy(() -> DeviceMap.balanced(FIRST, SECOND, Device.cpu()))
        .isInstanceOf(DeviceMapException.class)
        .hasMessageStartingWith("A device comes twice in [cpu, cpu:1, cpu];");
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeviceMap.auto(FIRST).limit(FIRST, 0))
        .withMessage("The limit of cpu is 0 bytes; expected 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeviceMap.auto().microBatches(65))
        .withMessageStartingWith("microBatches is 65; expected 1 to 64");
    for (int lanes : new int[] {0, 65}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DeviceMap.auto().lanes(lanes))
          .withMessage("lanes is " + lanes + "; expected 1 to 64");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> LayerSpan.of(3, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> DeviceMap.manual(Map.of()));
  }

  @Test
  void changesOneOptionAndKeepsTheOthers() {
    DeviceMap map = DeviceMap.auto(FIRST).lanes(3).microBatches(2).limit(FIRST, 7);
    assertThat(map.lanes()).isEqualTo(3);
    assertThat(map.microBatches()).isEqualTo(2);
    assertThat(map.lanes(1).limits()).isEqualTo(Map.of(FIRST, 7L));
  }

  @Test
  void namesPartsOfTheProcessor() {
    assertThat(Device.parse("cpu:2")).isEqualTo(Device.cpu(2)).hasToString("cpu:2");
    assertThat(Device.cpu(0)).isEqualTo(Device.cpu()).hasToString("cpu");
    assertThat(Device.cpu(2).physical()).isEqualTo(Device.cpu());
    assertThat(Device.cuda(2).physical()).isEqualTo(Device.cuda(2));
  }
}
