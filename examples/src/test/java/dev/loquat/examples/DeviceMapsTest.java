package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.generation.GenerationResult;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.StageNeed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model whose layers lie on several parts of the processor's memory gives the same tokens. */
class DeviceMapsTest {
  private static final int NEW_TOKENS = 16;

  /** Where two tokens are as close as this, single precision may choose either. */
  private static final double NEAR_TIE = 1e-4;

  private static final List<String> PROMPTS =
      List.of(
          "The capital of France is",
          "GPU inference is faster than CPU inference because",
          "Once upon a time, in a village by the sea, there lived",
          "Les trois couleurs du drapeau français sont");

  private enum Way {
    AUTO,
    BALANCED,
    SEQUENTIAL,
    MANUAL,
    THREE_TO_ONE
  }

  @ParameterizedTest
  @CsvSource({
    "onnx, AUTO, 2", "onnx, AUTO, 3", "onnx, BALANCED, 2", "onnx, BALANCED, 3",
    "onnx, SEQUENTIAL, 2", "onnx, SEQUENTIAL, 3", "onnx, MANUAL, 2", "onnx, MANUAL, 3",
    "onnx, THREE_TO_ONE, 2", "djl, AUTO, 2", "djl, AUTO, 3", "djl, BALANCED, 2",
    "djl, BALANCED, 3", "djl, SEQUENTIAL, 2", "djl, SEQUENTIAL, 3", "djl, MANUAL, 2",
    "djl, MANUAL, 3", "djl, THREE_TO_ONE, 2"
  })
  void tinyModelGivesTheSameTokens(String backend, Way way, int devices) {
    ModelLoader loader = Loquat.model(Loquat.TINY_MODEL).backend(backend).batch(4);
    List<GenerationResult> whole = generate(loader);
    for (int microBatches : new int[] {1, 4}) {
      DeviceMap map = map(loader, way, devices).microBatches(microBatches);
      requireStages(loader.onDevices(map).plan(), devices);
      List<GenerationResult> split = generate(loader.onDevices(map));
      assertThat(split).extracting(GenerationResult::tokenIds).isEqualTo(ids(whole));
    }
    DeviceMap lanes = map(loader, way, devices).lanes(devices);
    assertThat(ids(generate(loader.onDevices(lanes)))).isEqualTo(ids(whole));
  }

  @ParameterizedTest
  @CsvSource({
    "onnx, AUTO, 2", "onnx, AUTO, 3", "onnx, BALANCED, 2", "onnx, BALANCED, 3",
    "onnx, SEQUENTIAL, 2", "onnx, SEQUENTIAL, 3", "onnx, MANUAL, 2", "onnx, MANUAL, 3",
    "onnx, THREE_TO_ONE, 2", "djl, AUTO, 2", "djl, AUTO, 3", "djl, BALANCED, 2",
    "djl, BALANCED, 3", "djl, SEQUENTIAL, 2", "djl, SEQUENTIAL, 3", "djl, MANUAL, 2",
    "djl, MANUAL, 3", "djl, THREE_TO_ONE, 2"
  })
  void smolLm2GivesTheSameTokens(String backend, Way way, int devices) {
    Path folder = SmolLm2.folder();
    ModelLoader loader =
        Loquat.model(folder).backend(backend).batch(4).contextLength(256).prefixCache(0);
    DeviceMap map = map(loader, way, devices).microBatches(devices);
    requireStages(loader.onDevices(map).plan(), devices);
    List<GenerationResult> whole = generate(loader);
    List<GenerationResult> split = generate(loader.onDevices(map));
    for (int i = 0; i < PROMPTS.size(); i++) {
      assertSame(
          PROMPTS.get(i),
          whole.get(i).tokenIds(),
          split.get(i).tokenIds(),
          new NextToken(folder, backend));
    }
  }

  @Test
  void smolLm2OnDiskGivesTheSameTokens() {
    Path folder = SmolLm2.folder();
    ModelLoader loader =
        Loquat.model(folder).backend("onnx").batch(4).contextLength(256).prefixCache(0);
    DeviceMap all = DeviceMap.auto(Device.cpu());
    long half = loader.onDevices(all).plan().stages().get(0).neededBytes() / 2;
    DeviceMap map = all.limit(Device.cpu(), half).offloadToDisk();
    requireStages(loader.onDevices(map).plan(), 2);
    List<GenerationResult> whole = generate(loader);
    List<GenerationResult> split = generate(loader.onDevices(map));
    for (int i = 0; i < PROMPTS.size(); i++) {
      assertSame(
          PROMPTS.get(i),
          whole.get(i).tokenIds(),
          split.get(i).tokenIds(),
          new NextToken(folder, "onnx"));
    }
  }

  @Test
  void pyTorchLeavesNothingOnDisk() {
    ModelLoader loader = Loquat.model(Loquat.TINY_MODEL).backend("djl");
    assertThatThrownBy(() -> loader.onDevices(DeviceMap.auto().offloadToDisk()).load())
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "The backend 'djl' can't leave layers on disk: it holds weights in memory of its own,"
                + " packed; use the backend 'onnx', which computes from mapped files.");
  }

  private static DeviceMap map(ModelLoader loader, Way way, int devices) {
    Device[] parts = IntStream.range(0, devices).mapToObj(Device::cpu).toArray(Device[]::new);
    StageNeed all = loader.onDevices(DeviceMap.auto(Device.cpu())).plan().stages().get(0);
    int layers = all.layers().count();
    return switch (way) {
      case AUTO -> DeviceMap.auto(parts);
      case BALANCED -> DeviceMap.balanced(parts);
      case SEQUENTIAL -> sequential(loader, cut(devices, layers), parts);
      case MANUAL -> cut(devices, layers);
      case THREE_TO_ONE ->
          DeviceMap.auto(parts)
              .limit(Device.cpu(0), 6 * all.neededBytes())
              .limit(Device.cpu(1), 2 * all.neededBytes());
    };
  }

  /** One layer for each device, and the rest for the last. */
  private static DeviceMap cut(int devices, int layers) {
    Map<LayerSpan, Device> ranges = new HashMap<>();
    for (int device = 0; device < devices; device++) {
      int end = device == devices - 1 ? layers : device + 1;
      ranges.put(LayerSpan.of(device, end), Device.cpu(device));
    }
    return DeviceMap.manual(ranges);
  }

  /** Every device but the last has room for what another map gives it, and no more. */
  private static DeviceMap sequential(ModelLoader loader, DeviceMap other, Device... parts) {
    DeviceMap map = DeviceMap.sequential(parts);
    List<StageNeed> stages = loader.onDevices(other).plan().stages();
    for (StageNeed stage : stages.subList(0, stages.size() - 1)) {
      map = map.limit(stage.device(), stage.neededBytes());
    }
    return map;
  }

  private static void requireStages(MemoryPlan plan, int devices) {
    assertThat(plan.stages()).as(plan.table()).hasSize(devices);
  }

  private static List<GenerationResult> generate(ModelLoader loader) {
    try (Model model = loader.load()) {
      return model.generator().temperature(0).maxNewTokens(NEW_TOKENS).generate(PROMPTS);
    }
  }

  private static List<List<Integer>> ids(List<GenerationResult> results) {
    return results.stream().map(GenerationResult::tokenIds).toList();
  }

  private static void assertSame(
      String prompt, List<Integer> whole, List<Integer> split, NextToken next) {
    if (!split.equals(whole)) {
      int same = 0;
      while (same < Math.min(whole.size(), split.size())
          && whole.get(same).equals(split.get(same))) {
        same++;
      }
      assertThat(next.lead(prompt, whole.subList(0, same)))
          .as("%s became %s after '%s'; the lead at their difference", whole, split, prompt)
          .isLessThan(NEAR_TIE);
    }
  }
}
