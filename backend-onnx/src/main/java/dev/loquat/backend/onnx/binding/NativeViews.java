package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.capi.MemoryPlace;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.capi.NativeTensor;

/** Tensors of a session over blocks. */
final class NativeViews {
  private NativeViews() {}

  /** A tensor; the caller closes it. */
  static NativeTensor of(NativeSession session, TensorView view) throws OrtException {
    return session.view(
        place(session, view.block()), view.address(), view.byteLength(), view.type(), view.shape());
  }

  static MemoryPlace place(NativeSession session, Block block) {
    return block instanceof DeviceBlock onDevice ? onDevice.place() : session.host();
  }
}
