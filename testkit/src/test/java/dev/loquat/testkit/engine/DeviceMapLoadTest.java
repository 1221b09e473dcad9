package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.error.DeviceMapException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.observation.EngineListener;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that a map spreads over parts of the processor, from the loader to the text. */
class DeviceMapLoadTest {
  private static final DeviceMap TWO = DeviceMap.balanced(Device.cpu(0), Device.cpu(1));
  private static final List<String> PROMPTS = List.of("one", "and another", "a third");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @SuppressWarnings("NullAway.Init")
  private ModelLoader loader;

  @BeforeEach
  void write() throws IOException {
    TinyCheckpoint.llama().layers(4).writeTo(folder);
    loader = Loquat.model(folder).backend("reference").batch(3);
  }

  @Test
  void givesTheTextsOfTheWholeModel() {
    List<String> whole = texts(loader);
    for (int microBatches : new int[] {1, 3}) {
      assertThat(texts(loader.onDevices(TWO.microBatches(microBatches)))).isEqualTo(whole);
    }
  }

  @Test
  void lanesShareTheSlotsAndGiveTheSameTexts() {
    List<String> whole = texts(loader);
    for (int lanes : new int[] {2, 3}) {
      ModelLoader divided = loader.onDevices(TWO.lanes(lanes));
      assertThat(texts(divided)).isEqualTo(whole);
      try (Model model = divided.load()) {
        assertThat(model.info().batch()).isEqualTo(3);
        assertThat(model.engineLoad().slots()).isEqualTo(3);
      }
    }
  }

  @Test
  void eachLaneIsHeardAsAReplica() {
    Set<Integer> lanes = ConcurrentHashMap.newKeySet();
    EngineListener listener =
        new EngineListener() {
          @Override
          public EngineListener forReplica(int replica) {
            lanes.add(replica);
            return this;
          }
        };
    assertThat(texts(loader.onDevices(TWO.lanes(3)).onEvents(listener))).hasSize(3);
    assertThat(lanes).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void lanesLeaveNothingOpen() {
    Model model = loader.onDevices(TWO.lanes(3)).load();
    assertThat(model.generator().maxNewTokens(4).generate(PROMPTS)).hasSize(3);
    long loaded = model.memory().at(MemoryPhase.AFTER_OPEN).orElseThrow().deviceBytes();
    assertThat(loaded).isPositive();
    model.close();
    assertThat(model.memory().at(MemoryPhase.AFTER_CLOSE).orElseThrow().deviceBytes()).isZero();
  }

  /** Lanes of two slots and of one. */
  @Test
  void refusesBeamsThatNotEveryLaneHasSlotsFor() {
    try (Model model = loader.onDevices(TWO.lanes(2)).load()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.generator().maxNewTokens(3).beamSearch("one", BeamOptions.of(2)));
    }
  }

  @Test
  void refusesMoreLanesThanSlots() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader.onDevices(TWO.lanes(4)).load())
        .withMessage(
            "The map has 4 lanes for a batch of 3, but each needs a slot; set a larger batch or"
                + " fewer lanes");
  }

  @Test
  void tellsWhereLayersLie() {
    try (Model model = loader.onDevices(TWO).load()) {
      assertThat(model.info().stages())
          .extracting(stage -> stage.device() + " " + stage.layers())
          .isEqualTo(
              loader.onDevices(TWO).plan().stages().stream()
                  .map(stage -> stage.device() + " " + stage.layers())
                  .toList())
          .hasSize(2);
      assertThat(model.info().device()).isEqualTo(Device.cpu());
    }
    try (Model model = loader.load()) {
      assertThat(model.info().stages()).isEmpty();
    }
  }

  @Test
  void takesTheLastOfDeviceAndMap() {
    try (Model model = loader.onDevices(TWO).onDevice(Device.cpu()).load()) {
      assertThat(model.info().stages()).isEmpty();
    }
    try (Model model = loader.onDevice(Device.cpu()).onDevices(TWO).load()) {
      assertThat(model.info().stages()).hasSize(2);
    }
  }

  @Test
  void partsOfTheProcessorAreForMapsOnly() {
    assertThatThrownBy(() -> loader.onDevice(Device.cpu(1)).load())
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessage(
            "Device cpu:1 is no device of its own but a part of the processor's memory, which only a"
                + " device map tells from others. Choose cpu, or spread the model with"
                + " onDevices(DeviceMap.auto(Device.cpu(0), Device.cpu(1))).");
  }

  @Test
  void choosesAPrecisionThatFitsTheMap() {
    ModelLoader open = loader.withPrecision(Precision.AUTO);
    assertThat(open.onDevices(TWO).plan().table())
        .startsWith("batch 3, context 96, in MiB, reference, AUTO: FP32\n");
    try (Model model = open.onDevices(TWO).load()) {
      assertThat(model.info().precision().requested()).isEqualTo(Precision.AUTO);
      assertThat(model.info().precision().storage()).isEqualTo(Precision.FP32);
    }
  }

  @Test
  void mapOfOneDeviceNeedsNoParts() {
    try (Model model = loader.backend("scripted").onDevices(DeviceMap.auto(Device.cpu())).load()) {
      assertThat(model.info().stages()).hasSize(1);
    }
  }

  @Test
  void refusesABackendThatOpensNoParts() {
    assertThatThrownBy(() -> loader.backend("scripted").onDevices(TWO).load())
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "The backend 'scripted' can't spread a model over [cpu, cpu:1]: it opens whole models"
                + " only. Load the model on one device, or choose another backend.");
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    DeviceMap listed = DeviceMap.auto(Device.cpu(0), Device.cuda(63));
    DeviceMap limited = DeviceMap.auto().limit(Device.cuda(63), 1 << 20);
    for (DeviceMap map : List.of(listed, limited)) {
      assertThatThrownBy(() -> loader.onDevices(map).plan())
          .isInstanceOf(DeviceUnavailableException.class)
          .hasMessageStartingWith("Device cuda:63 is not on this machine");
    }
  }

  @Test
  void refusesALimitThatHoldsNoLayer() {
    assertThatThrownBy(() -> loader.onDevices(TWO.limit(Device.cpu(1), 1000)).load())
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageStartingWith("cpu:1 can't hold one layer of the model: at least ");
  }

  @Test
  void plansWhatItRefusesToLoad() {
    DeviceMap ranges =
        DeviceMap.manual(
            Map.of(LayerSpan.of(0, 2), Device.cpu(0), LayerSpan.of(2, 4), Device.cpu(1)));
    for (DeviceMap map : List.of(TWO, ranges)) {
      ModelLoader unfit = loader.onDevices(map.limit(Device.cpu(1), 1000));
      MemoryPlan plan = unfit.plan();
      assertThat(plan.fits()).isFalse();
      assertThat(plan.table().lines().filter(line -> line.startsWith("cpu:1")))
          .singleElement()
          .asString()
          .endsWith(" too few");
      assertThatThrownBy(unfit::load).isInstanceOf(OutOfMemoryException.class);
    }
  }

  @Test
  void refusesRangesOfAnotherModel() {
    DeviceMap map =
        DeviceMap.manual(
            Map.of(LayerSpan.of(0, 2), Device.cpu(0), LayerSpan.of(2, 5), Device.cpu(1)));
    assertThatThrownBy(() -> loader.onDevices(map).load())
        .isInstanceOf(DeviceMapException.class)
        .hasMessageStartingWith(
            "The device map ends with layer 4, but the model's last is layer 3");
  }

  @Test
  void refusesWhatCanNotBeCombined() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader.onDevices(TWO).memoryLimit(1 << 30).load())
        .withMessageContaining("DeviceMap.limit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader.onDevices(TWO).draftModel(folder).load())
        .withMessageContaining("PROMPT_LOOKUP");
  }

  private static List<String> texts(ModelLoader loader) {
    try (Model model = loader.load()) {
      return model.generator().temperature(0).maxNewTokens(12).generate(PROMPTS).stream()
          .map(result -> result.text())
          .toList();
    }
  }
}
