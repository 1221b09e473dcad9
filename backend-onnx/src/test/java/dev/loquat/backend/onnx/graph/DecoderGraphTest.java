package dev.loquat.backend.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.loquat.backend.onnx.RandomCheckpoint;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderGraphTest {
  private static final NumberFormat SINGLE = new NumberFormat(OnnxType.FLOAT, OnnxType.FLOAT);

  @TempDir Path folder;

  @Test
  void lowersLayerToFusedOperatorsInOrder() throws IOException {
    assertThat(whole(RandomCheckpoint.model(1)).getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly(
            "Gather",
            "SimplifiedLayerNormalization",
            "Concat",
            "FusedMatMul",
            "GroupQueryAttention",
            "FusedMatMul",
            "SkipSimplifiedLayerNormalization",
            "FusedMatMul",
            "FusedMatMul",
            "QuickGelu",
            "Mul",
            "FusedMatMul",
            "SkipSimplifiedLayerNormalization",
            "GatherND",
            "FusedMatMul");
  }

  @Test
  void declaresOpsetsOfBothDomains() throws IOException {
    ModelProto model = parse(RandomCheckpoint.model(1), SINGLE);
    assertThat(model.getIrVersion()).isEqualTo(10);
    assertThat(model.getOpsetImportList())
        .extracting(opset -> opset.getDomain(), opset -> opset.getVersion())
        .containsExactly(tuple("", 18L), tuple("com.microsoft", 1L));
  }

  @Test
  void readsIdsPositionsAndCacheAndGivesCacheAndLogits() throws IOException {
    GraphProto graph = whole(RandomCheckpoint.model(1));
    assertThat(graph.getInputList())
        .extracting(DecoderGraphTest::signature)
        .containsExactlyInAnyOrder(
            "last_positions INT32[batch]",
            "longest INT32[1]",
            "cosines.0 FLOAT[positions, 8]",
            "sines.0 FLOAT[positions, 8]",
            "input_ids INT32[batch, tokens]",
            "past_keys.0 FLOAT[batch, 1, capacity, 16]",
            "past_values.0 FLOAT[batch, 1, capacity, 16]",
            "picks INT64[rows, 2]");
    assertThat(graph.getOutputList())
        .extracting(DecoderGraphTest::signature)
        .containsExactlyInAnyOrder(
            "present_keys.0 FLOAT[batch, 1, capacity, 16]",
            "present_values.0 FLOAT[batch, 1, capacity, 16]",
            "logits FLOAT[rows, 64]");
  }

  @Test
  void readsAndGivesHiddenStatesInMiddleStage() throws IOException {
    ModelConfig config = RandomCheckpoint.model(3);
    GraphProto graph = parse(config, new LayerRange(1, 2, 3), SINGLE).getGraph();
    assertThat(graph.getInputList())
        .extracting(DecoderGraphTest::signature)
        .contains("hidden_in FLOAT[batch, tokens, 32]", "past_keys.1 FLOAT[batch, 1, capacity, 16]")
        .noneMatch(input -> input.startsWith("input_ids") || input.startsWith("picks"));
    assertThat(graph.getOutputList())
        .extracting(DecoderGraphTest::signature)
        .contains("hidden_out FLOAT[batch, tokens, 32]");
    assertThat(graph.getInitializerList())
        .extracting(TensorProto::getName)
        .allMatch(name -> name.startsWith("layers.1."));
  }

  @Test
  void namesBytesOfWeightsInTheirFile() throws IOException {
    ModelConfig config = RandomCheckpoint.model(1);
    Checkpoint checkpoint = RandomCheckpoint.write(config, folder.resolve("sub folder"));
    GraphProto graph =
        parse(
                DecoderGraph.of(
                    checkpoint, LayerRange.all(config), SINGLE, folder.toRealPath(), Map.of()))
            .getGraph();
    TensorInfo gate = checkpoint.weight(WeightRole.GATE, 0).info();
    TensorProto tensor = initializer(graph, "layers.0.gate");
    assertThat(tensor.getDimsList()).containsExactly(48L, 32L);
    assertThat(tensor.getDataType()).isEqualTo(TensorProto.DataType.FLOAT_VALUE);
    assertThat(tensor.getDataLocation()).isEqualTo(TensorProto.DataLocation.EXTERNAL);
    assertThat(tensor.getExternalDataList())
        .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
        .containsExactly(
            tuple("location", "sub folder/weights.bin"),
            tuple("offset", Long.toString(gate.fileOffset())),
            tuple("length", Integer.toString(48 * 32 * 4)));
  }

  @Test
  void roundsWeightsThroughRequestedType() throws IOException {
    NumberFormat rounded = new NumberFormat(OnnxType.BFLOAT16, OnnxType.FLOAT);
    GraphProto graph = parse(RandomCheckpoint.model(1), rounded).getGraph();
    assertThat(casts(graph, "layers.0.gate"))
        .containsExactly(TensorProto.DataType.BFLOAT16_VALUE, TensorProto.DataType.FLOAT_VALUE);
  }

  @Test
  void takesWeightsThatAreRoundedAlreadyFromWhereTheyLie() throws IOException {
    Checkpoint checkpoint = RandomCheckpoint.write(RandomCheckpoint.model(1), folder);
    TensorInfo gate = checkpoint.weight(WeightRole.GATE, 0).info();
    Path kept = folder.toRealPath().resolve("kept/halves");
    TensorInfo rounded = new TensorInfo("gate", ElementType.F16, gate.shape(), kept, 4096);
    NumberFormat format = new NumberFormat(OnnxType.FLOAT16, OnnxType.FLOAT);
    GraphProto graph =
        parse(
                DecoderGraph.of(
                    checkpoint,
                    LayerRange.all(checkpoint.config()),
                    format,
                    folder.toRealPath(),
                    Map.of(gate, rounded)))
            .getGraph();
    TensorProto tensor = initializer(graph, "layers.0.gate");
    assertThat(tensor.getDataType()).isEqualTo(TensorProto.DataType.FLOAT16_VALUE);
    assertThat(tensor.getExternalDataList())
        .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
        .containsExactly(
            tuple("location", "kept/halves"),
            tuple("offset", "4096"),
            tuple("length", Integer.toString(48 * 32 * 2)));
    assertThat(casts(graph, "layers.0.gate")).containsExactly(TensorProto.DataType.FLOAT_VALUE);
    assertThat(casts(graph, "layers.0.up")).hasSize(2);
  }

  @Test
  void computesInRequestedTypeAndGivesSinglePrecisionLogits() throws IOException {
    NumberFormat half = new NumberFormat(OnnxType.FLOAT16, OnnxType.FLOAT16);
    GraphProto graph = parse(RandomCheckpoint.model(1), half).getGraph();
    assertThat(graph.getInputList())
        .extracting(DecoderGraphTest::signature)
        .contains("past_keys.0 FLOAT16[batch, 1, capacity, 16]");
    assertThat(graph.getOutputList())
        .extracting(DecoderGraphTest::signature)
        .contains("logits FLOAT[rows, 64]");
  }

  @Test
  void computesAttentionInTheHalfTypeOfTheCache() throws IOException {
    NumberFormat halfCache =
        new NumberFormat(OnnxType.FLOAT, OnnxType.FLOAT).withCache(OnnxType.FLOAT16);
    GraphProto graph = parse(RandomCheckpoint.model(1), halfCache).getGraph();
    assertThat(graph.getInputList())
        .extracting(DecoderGraphTest::signature)
        .contains("past_values.0 FLOAT16[batch, 1, capacity, 16]", "sines.0 FLOAT16[positions, 8]");
    NodeProto attention = node(graph, "GroupQueryAttention");
    NodeProto narrow = giving(graph, attention.getInput(0));
    assertThat(attribute(narrow, "to").getI()).isEqualTo(TensorProto.DataType.FLOAT16_VALUE);
    assertThat(giving(graph, narrow.getInput(0)).getOpType()).isEqualTo("FusedMatMul");
    NodeProto wide = reading(graph, attention.getOutput(0));
    assertThat(attribute(wide, "to").getI()).isEqualTo(TensorProto.DataType.FLOAT_VALUE);
    assertThat(reading(graph, wide.getOutput(0)).getOpType()).isEqualTo("FusedMatMul");
  }

  @Test
  void tellsAttentionItsHeadsScaleAndWindow() throws IOException {
    GraphProto graph = whole(RandomCheckpoint.model(1, false, 7));
    NodeProto attention = node(graph, "GroupQueryAttention");
    assertThat(attribute(attention, "num_heads").getI()).isEqualTo(2);
    assertThat(attribute(attention, "kv_num_heads").getI()).isEqualTo(1);
    assertThat(attribute(attention, "do_rotary").getI()).isEqualTo(1);
    assertThat(attribute(attention, "scale").getF()).isEqualTo(0.25f);
    assertThat(attribute(attention, "local_window_size").getI()).isEqualTo(7);
  }

  @Test
  void leavesWindowOutWhereAttentionIsFull() throws IOException {
    GraphProto graph = whole(RandomCheckpoint.model(1));
    assertThat(node(graph, "GroupQueryAttention").getAttributeList())
        .extracting(AttributeProto::getName)
        .doesNotContain("local_window_size");
  }

  @Test
  void addsBiasesOfEveryProjection() throws IOException {
    GraphProto graph = whole(RandomCheckpoint.model(1, true, 0));
    assertThat(graph.getNodeList()).filteredOn(node -> node.getOpType().equals("Add")).hasSize(5);
    assertThat(graph.getInitializerList())
        .extracting(TensorProto::getName)
        .contains("layers.0.query_bias", "layers.0.attention_output_bias", "layers.0.down_bias");
  }

  @Test
  void holdsTiedEmbeddingOnce() throws IOException {
    ModelConfig untied = RandomCheckpoint.model(1);
    ModelConfig tied = new ModelConfig("tied", 32, 64, 128, 1e-6, true, untied.layers());
    assertThat(whole(tied).getInitializerList())
        .filteredOn(tensor -> tensor.getDims(0) == 64)
        .hasSize(1);
  }

  private GraphProto whole(ModelConfig config) throws IOException {
    return parse(config, SINGLE).getGraph();
  }

  private ModelProto parse(ModelConfig config, NumberFormat format) throws IOException {
    return parse(config, LayerRange.all(config), format);
  }

  private ModelProto parse(ModelConfig config, LayerRange range, NumberFormat format)
      throws IOException {
    Checkpoint checkpoint = RandomCheckpoint.write(config, folder);
    return parse(DecoderGraph.of(checkpoint, range, format, folder.toRealPath(), Map.of()));
  }

  private static ModelProto parse(DecoderGraph graph) throws IOException {
    return ModelProto.parseFrom(graph.model());
  }

  /** The types that a weight is brought to, one after the other. */
  private static List<Integer> casts(GraphProto graph, String weight) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOpType().equals("Cast"))
        .filter(node -> node.getInput(0).startsWith(weight))
        .map(cast -> (int) attribute(cast, "to").getI())
        .toList();
  }

  private static NodeProto node(GraphProto graph, String op) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOpType().equals(op))
        .findFirst()
        .orElseThrow();
  }

  private static NodeProto giving(GraphProto graph, String value) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOutputList().contains(value))
        .findFirst()
        .orElseThrow();
  }

  private static NodeProto reading(GraphProto graph, String value) {
    return graph.getNodeList().stream()
        .filter(node -> node.getInputList().contains(value))
        .findFirst()
        .orElseThrow();
  }

  private static TensorProto initializer(GraphProto graph, String name) {
    return graph.getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static AttributeProto attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String signature(ValueInfoProto value) {
    var tensor = value.getType().getTensorType();
    List<String> dimensions =
        tensor.getShape().getDimList().stream().map(DecoderGraphTest::dimension).toList();
    return value.getName()
        + " "
        + TensorProto.DataType.forNumber(tensor.getElemType())
        + dimensions;
  }

  private static String dimension(Dimension dimension) {
    return dimension.hasDimValue()
        ? Long.toString(dimension.getDimValue())
        : dimension.getDimParam();
  }
}
