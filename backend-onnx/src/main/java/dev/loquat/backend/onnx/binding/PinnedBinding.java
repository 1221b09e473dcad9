package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hands the same tensors of the machine's memory to every run, by the runtime's Java API. */
final class PinnedBinding implements SlotBinding {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, TensorView> views = new HashMap<>();
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();

  PinnedBinding(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  @Override
  public void input(String name, TensorView view) throws OrtException {
    bind(inputs, name, view);
  }

  @Override
  public void output(String name, TensorView view) throws OrtException {
    bind(outputs, name, view);
  }

  @Override
  public void run() throws OrtException {
    session.run(inputs, outputs).close();
  }

  @Override
  public void close() {
    List<OnnxTensor> tensors = new ArrayList<>(inputs.values());
    tensors.addAll(outputs.values());
    tensors.forEach(OnnxTensor::close);
    inputs.clear();
    outputs.clear();
    views.clear();
  }

  private void bind(Map<String, OnnxTensor> tensors, String name, TensorView view)
      throws OrtException {
    if (view.equals(views.get(name))) {
      return;
    }
    OnnxTensor tensor =
        OnnxTensor.createTensor(
            environment,
            NativeBlock.of(view.block()).view(view.offset(), view.byteLength()),
            view.dimensions(),
            view.type().javaType());
    OnnxTensor before = tensors.put(name, tensor);
    views.put(name, view);
    if (before != null) {
      before.close();
    }
  }
}
