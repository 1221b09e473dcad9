package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.capi.NativeBinding;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.capi.NativeTensor;
import java.util.HashMap;
import java.util.Map;

/** Leaves inputs and outputs bound in the runtime, by its C API. */
final class BoundBinding implements SlotBinding {
  private final NativeSession session;
  private final TensorMemory memory;
  private final NativeBinding binding;
  private final Map<String, Bound> bound = new HashMap<>();
  private boolean isCopying;

  BoundBinding(NativeSession session, TensorMemory memory) throws OrtException {
    this.session = session;
    this.memory = memory;
    this.binding = session.bind();
  }

  @Override
  public void input(String name, TensorView view) throws OrtException {
    Bound known = bound.get(name);
    boolean isCopied = isCopied(name, view);
    if (known == null || !known.view().equals(view)) {
      bind(name, view, binding::input);
    } else if (isCopied) {
      binding.input(name, known.tensor());
    }
    isCopying |= isCopied;
  }

  @Override
  public void output(String name, TensorView view) throws OrtException {
    Bound known = bound.get(name);
    if (known == null || !known.view().equals(view)) {
      bind(name, view, binding::output);
    }
  }

  @Override
  public void run() throws OrtException {
    if (isCopying) {
      binding.awaitInputs();
      isCopying = false;
    }
    if (memory instanceof DeviceMemory device && device.takeUnused()) {
      binding.runAndShrink(device.place());
    } else {
      binding.run();
    }
  }

  @Override
  public void close() {
    binding.close();
    bound.values().forEach(each -> each.tensor().close());
    bound.clear();
  }

  /** Whether binding copies the input to the device that reads it. */
  private boolean isCopied(String name, TensorView view) {
    return !session.place(name).isOnHost() && !(view.block() instanceof DeviceBlock);
  }

  private void bind(String name, TensorView view, Target target) throws OrtException {
    NativeTensor tensor = NativeViews.of(session, view);
    try {
      target.bind(name, tensor);
    } catch (OrtException e) {
      tensor.close();
      throw e;
    }
    Bound before = bound.put(name, new Bound(view, tensor));
    if (before != null) {
      before.tensor().close();
    }
  }

  private interface Target {
    void bind(String name, NativeTensor tensor) throws OrtException;
  }

  private record Bound(TensorView view, NativeTensor tensor) {}
}
