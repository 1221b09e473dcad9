package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import java.util.Optional;

/**
 * The way by which runs of a session reach the runtime, and where the tensors lie that they find
 * again.
 */
public interface RunPath extends AutoCloseable {

  /** Where caches and tables lie. */
  TensorMemory memory();

  /** Draws tokens where logits lie; empty where reading them is as quick. */
  Optional<TokenDrawer> drawer();

  /** A binding in which nothing is bound; the caller closes it. */
  SlotBinding bind() throws OrtException;

  /**
   * To be called before the runtime's session is closed, and after all that lies in the memory.
   *
   * @throws OrtException if the runtime fails
   */
  @Override
  void close() throws OrtException;
}
