package dev.loquat.backend.onnx.graph;

/** The shape of a graph's input or output: each dimension a number or the name of an open one. */
final class Shape {
  private static final int DIM = 1;
  private static final int DIM_VALUE = 1;
  private static final int DIM_PARAM = 2;

  private final ProtoWriter proto = new ProtoWriter();

  /** Adds an open dimension. */
  Shape by(String name) {
    proto.message(DIM, new ProtoWriter().text(DIM_PARAM, name));
    return this;
  }

  /** Adds a fixed dimension. */
  Shape by(long size) {
    proto.message(DIM, new ProtoWriter().integer(DIM_VALUE, size));
    return this;
  }

  ProtoWriter toProto() {
    return proto;
  }
}
