package dev.loquat.backend.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.onnx.RandomCheckpoint;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs graphs of layer ranges without the backend around them. */
class StagesTest {
  private static final int LAYERS = 4;
  private static final int[][] IDS = {{5, 9, 33, 2, 60}};
  private static final int CAPACITY = 8;

  @TempDir Path folder;

  @Test
  void chainedStagesGiveLogitsOfWholeModel() throws Exception {
    ModelConfig config = RandomCheckpoint.model(LAYERS, true, 3);
    Checkpoint checkpoint = RandomCheckpoint.write(config, folder);
    float[][] whole = (float[][]) run(checkpoint, 0, LAYERS, GraphValues.IDS, IDS);
    Object hidden = IDS;
    String input = GraphValues.IDS;
    for (int[] range : new int[][] {{0, 1}, {1, 3}}) {
      hidden = run(checkpoint, range[0], range[1], input, hidden);
      input = GraphValues.HIDDEN_IN;
    }
    float[][] chained = (float[][]) run(checkpoint, 3, LAYERS, input, hidden);
    assertThat(chained).hasDimensions(2, config.vocabularySize());
    for (int row = 0; row < whole.length; row++) {
      assertThat(chained[row]).containsExactly(whole[row], within(1e-5f));
    }
  }

  /** The last output that is no cache: logits of the first and the last token, or hidden states. */
  private static Object run(Checkpoint checkpoint, int first, int end, String input, Object value)
      throws OrtException, IOException {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "loquat");
    LayerRange range = new LayerRange(first, end, LAYERS);
    NumberFormat single = new NumberFormat(OnnxType.FLOAT, OnnxType.FLOAT);
    DecoderGraph graph = DecoderGraph.of(checkpoint, range, single, checkpoint.folder(), Map.of());
    Map<String, Object> inputs = new HashMap<>();
    inputs.put(input, value);
    inputs.put(GraphValues.LAST_POSITIONS, new int[] {IDS[0].length - 1});
    inputs.put(GraphValues.LONGEST, new int[] {IDS[0].length});
    inputs.put(GraphValues.cosines(0), rotary(0));
    inputs.put(GraphValues.sines(0), rotary(Math.PI / 2));
    for (int layer = first; layer < end; layer++) {
      inputs.put(GraphValues.pastKeys(layer), new float[1][1][CAPACITY][16]);
      inputs.put(GraphValues.pastValues(layer), new float[1][1][CAPACITY][16]);
    }
    if (range.isLastStage()) {
      inputs.put(GraphValues.PICKS, new long[][] {{0, 0}, {0, IDS[0].length - 1}});
    }
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", checkpoint.folder().toString());
      try (OrtSession session = environment.createSession(graph.model(), options)) {
        for (Map.Entry<String, Object> entry : inputs.entrySet()) {
          tensors.put(entry.getKey(), OnnxTensor.createTensor(environment, entry.getValue()));
        }
        String output = range.isLastStage() ? GraphValues.LOGITS : GraphValues.HIDDEN_OUT;
        try (OrtSession.Result result = session.run(tensors)) {
          return result.get(output).orElseThrow().getValue();
        }
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static float[][] rotary(double phase) {
    float[][] table = new float[CAPACITY][8];
    for (int position = 0; position < CAPACITY; position++) {
      for (int i = 0; i < 8; i++) {
        table[position][i] = (float) Math.cos(position * Math.pow(10000, -i / 8.0) - phase);
      }
    }
    return table;
  }
}
