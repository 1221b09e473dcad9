package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tensors of one run. They are views: closing them leaves the memory. */
final class RunTensors implements AutoCloseable {
  private final OrtEnvironment environment;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final List<OnnxTensor> tensors = new ArrayList<>();

  RunTensors(OrtEnvironment environment) {
    this.environment = environment;
  }

  void bind(String input, IntBuffer memory, long... shape) throws OrtException {
    inputs.put(input, own(OnnxTensor.createTensor(environment, memory, shape)));
  }

  void bind(String input, LongBuffer memory, long... shape) throws OrtException {
    inputs.put(input, own(OnnxTensor.createTensor(environment, memory, shape)));
  }

  /** Binds single-precision numbers. */
  void bind(String input, ByteBuffer memory, long... shape) throws OrtException {
    inputs.put(input, floats(memory, shape));
  }

  /** A tensor that is no input. */
  OnnxTensor floats(ByteBuffer memory, long... shape) throws OrtException {
    return own(OnnxTensor.createTensor(environment, memory, shape, OnnxJavaType.FLOAT));
  }

  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  @Override
  public void close() {
    tensors.forEach(OnnxTensor::close);
  }

  private OnnxTensor own(OnnxTensor tensor) {
    tensors.add(tensor);
    return tensor;
  }
}
