package dev.loquat.backend.onnx.graph;

import java.util.ArrayList;
import java.util.List;

/** One operator of a graph: what it reads, what it gives and its attributes. */
final class Node {
  /** The domain of ONNX Runtime's own operators. */
  static final String MICROSOFT = "com.microsoft";

  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int NAME = 3;
  private static final int OP_TYPE = 4;
  private static final int ATTRIBUTE = 5;
  private static final int DOMAIN = 7;

  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_FLOAT = 2;
  private static final int ATTRIBUTE_INT = 3;
  private static final int ATTRIBUTE_STRING = 4;
  private static final int ATTRIBUTE_TYPE = 20;
  private static final int FLOAT_TYPE = 1;
  private static final int INT_TYPE = 2;
  private static final int STRING_TYPE = 3;

  private final String domain;
  private final String op;
  private final List<String> inputs;
  private final List<ProtoWriter> attributes = new ArrayList<>();

  private Node(String domain, String op, String... inputs) {
    this.domain = domain;
    this.op = op;
    this.inputs = List.of(inputs);
  }

  /** An operator of the ONNX standard. An empty input name leaves an optional input out. */
  static Node standard(String op, String... inputs) {
    return new Node("", op, inputs);
  }

  /** An operator of ONNX Runtime's own. An empty input name leaves an optional input out. */
  static Node microsoft(String op, String... inputs) {
    return new Node(MICROSOFT, op, inputs);
  }

  static Node cast(String input, OnnxType to) {
    return standard("Cast", input).with("to", to.code());
  }

  Node with(String attribute, long value) {
    attributes.add(
        new ProtoWriter()
            .text(ATTRIBUTE_NAME, attribute)
            .integer(ATTRIBUTE_INT, value)
            .integer(ATTRIBUTE_TYPE, INT_TYPE));
    return this;
  }

  Node with(String attribute, double value) {
    attributes.add(
        new ProtoWriter()
            .text(ATTRIBUTE_NAME, attribute)
            .single(ATTRIBUTE_FLOAT, (float) value)
            .integer(ATTRIBUTE_TYPE, FLOAT_TYPE));
    return this;
  }

  Node with(String attribute, String value) {
    attributes.add(
        new ProtoWriter()
            .text(ATTRIBUTE_NAME, attribute)
            .text(ATTRIBUTE_STRING, value)
            .integer(ATTRIBUTE_TYPE, STRING_TYPE));
    return this;
  }

  ProtoWriter toProto(String... outputs) {
    ProtoWriter node = new ProtoWriter();
    inputs.forEach(input -> node.text(INPUT, input));
    List.of(outputs).forEach(output -> node.text(OUTPUT, output));
    node.text(NAME, outputs[0]).text(OP_TYPE, op);
    attributes.forEach(attribute -> node.message(ATTRIBUTE, attribute));
    return domain.isEmpty() ? node : node.text(DOMAIN, domain);
  }
}
