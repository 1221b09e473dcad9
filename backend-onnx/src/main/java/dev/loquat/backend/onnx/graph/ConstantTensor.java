package dev.loquat.backend.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A small tensor whose elements stand in the graph itself.
 *
 * @param name its name in the graph
 * @param type the type of its elements
 * @param shape its dimensions
 * @param elements little-endian, from the buffer's start to its capacity
 */
record ConstantTensor(String name, OnnxType type, List<Long> shape, ByteBuffer elements) {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;

  /** A vector of integers. */
  static ConstantTensor integers(String name, long... numbers) {
    ByteBuffer elements =
        ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    elements.asLongBuffer().put(numbers);
    return new ConstantTensor(name, OnnxType.INT64, List.of((long) numbers.length), elements);
  }

  /** One number, in single precision. */
  static ConstantTensor number(String name, float number) {
    ByteBuffer elements = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return new ConstantTensor(name, OnnxType.FLOAT, List.of(), elements.putFloat(0, number));
  }

  ProtoWriter toProto() {
    ProtoWriter tensor = new ProtoWriter();
    shape.forEach(dimension -> tensor.integer(DIMS, dimension));
    return tensor.integer(DATA_TYPE, type.code()).text(NAME, name).bytes(RAW_DATA, raw());
  }

  private byte[] raw() {
    byte[] raw = new byte[elements.capacity()];
    elements.get(0, raw);
    return raw;
  }
}
