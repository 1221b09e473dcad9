package dev.loquat.backend.onnx.graph;

import java.util.List;

/**
 * A weight that stays in its file: the graph names the bytes and the runtime maps them.
 *
 * @param name its name in the graph
 * @param type the type of its elements in the file
 * @param shape its dimensions
 * @param location the file, relative to the folder that the runtime is given
 * @param offset the first byte in the file
 * @param byteLength the bytes
 */
record ExternalTensor(
    String name, OnnxType type, List<Long> shape, String location, long offset, long byteLength) {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int NAME = 8;
  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;
  private static final int EXTERNAL = 1;
  private static final int KEY = 1;
  private static final int VALUE = 2;

  ProtoWriter toProto() {
    ProtoWriter tensor = new ProtoWriter();
    shape.forEach(dimension -> tensor.integer(DIMS, dimension));
    return tensor
        .integer(DATA_TYPE, type.code())
        .text(NAME, name)
        .message(EXTERNAL_DATA, entry("location", location))
        .message(EXTERNAL_DATA, entry("offset", Long.toString(offset)))
        .message(EXTERNAL_DATA, entry("length", Long.toString(byteLength)))
        .integer(DATA_LOCATION, EXTERNAL);
  }

  private static ProtoWriter entry(String key, String value) {
    return new ProtoWriter().text(KEY, key).text(VALUE, value);
  }
}
