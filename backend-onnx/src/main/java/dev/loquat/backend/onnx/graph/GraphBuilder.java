package dev.loquat.backend.onnx.graph;

/**
 * A graph in the making. Nodes are added in the order they compute in.
 *
 * <p>Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class GraphBuilder {
  private static final int IR_VERSION = 10;

  /**
   * The standard's version, whose operators the runtime's provider for GPUs has had kernels of for
   * long; a node of a later one than it has would be computed on the processor.
   */
  private static final int OPSET = 18;

  private static final int MICROSOFT_OPSET = 1;

  private static final int MODEL_IR_VERSION = 1;
  private static final int MODEL_PRODUCER = 2;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPSET_IMPORT = 8;
  private static final int OPSET_DOMAIN = 1;
  private static final int OPSET_VERSION = 2;

  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_NAME = 2;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;

  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_ELEMENT_TYPE = 1;
  private static final int TENSOR_SHAPE = 2;

  private final ProtoWriter graph = new ProtoWriter();

  GraphBuilder(String name) {
    graph.text(GRAPH_NAME, name);
  }

  /** Adds a node and gives the name of its first output. */
  String add(Node node, String... outputs) {
    graph.message(GRAPH_NODE, node.toProto(outputs));
    return outputs[0];
  }

  String weight(ExternalTensor tensor) {
    graph.message(GRAPH_INITIALIZER, tensor.toProto());
    return tensor.name();
  }

  String constant(ConstantTensor tensor) {
    graph.message(GRAPH_INITIALIZER, tensor.toProto());
    return tensor.name();
  }

  String input(String name, OnnxType type, Shape shape) {
    graph.message(GRAPH_INPUT, value(name, type, shape));
    return name;
  }

  void output(String name, OnnxType type, Shape shape) {
    graph.message(GRAPH_OUTPUT, value(name, type, shape));
  }

  /** The model as the bytes of an ONNX file. */
  byte[] toModel() {
    return new ProtoWriter()
        .integer(MODEL_IR_VERSION, IR_VERSION)
        .text(MODEL_PRODUCER, "loquat")
        .message(MODEL_GRAPH, graph)
        .message(MODEL_OPSET_IMPORT, opset("", OPSET))
        .message(MODEL_OPSET_IMPORT, opset(Node.MICROSOFT, MICROSOFT_OPSET))
        .toByteArray();
  }

  private static ProtoWriter opset(String domain, int version) {
    return new ProtoWriter().text(OPSET_DOMAIN, domain).integer(OPSET_VERSION, version);
  }

  private static ProtoWriter value(String name, OnnxType type, Shape shape) {
    ProtoWriter tensor =
        new ProtoWriter()
            .integer(TENSOR_ELEMENT_TYPE, type.code())
            .message(TENSOR_SHAPE, shape.toProto());
    return new ProtoWriter()
        .text(VALUE_NAME, name)
        .message(VALUE_TYPE, new ProtoWriter().message(TYPE_TENSOR, tensor));
  }
}
