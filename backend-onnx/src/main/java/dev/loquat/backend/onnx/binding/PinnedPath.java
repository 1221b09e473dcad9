package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.util.Optional;

/**
 * The runtime's Java API, which knows of the machine's memory only: a session on another device
 * copies all inputs to it, and outputs back, for every run.
 */
public final class PinnedPath implements RunPath {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final TensorMemory memory = new HostMemory(NativeBlock.MAX_VIEW_BYTES);

  /**
   * A way to a session.
   *
   * @param environment the runtime
   * @param session its owner closes it
   */
  public PinnedPath(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  @Override
  public TensorMemory memory() {
    return memory;
  }

  @Override
  public Optional<TokenDrawer> drawer() {
    return Optional.empty();
  }

  @Override
  public SlotBinding bind() {
    return new PinnedBinding(environment, session);
  }

  @Override
  public void close() {}
}
