package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.onnx.capi.MemoryPlace;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.backend.onnx.capi.NativeSession;
import java.util.Optional;

/**
 * The runtime's C API: caches lie where the session reads them, logits beside them, and bindings
 * stay.
 */
public final class BoundPath implements RunPath {
  private final NativeSession session;
  private final TensorMemory memory;
  private final Optional<TokenDrawer> drawer;

  private BoundPath(NativeSession session, TensorMemory memory, Optional<TokenDrawer> drawer) {
    this.session = session;
    this.memory = memory;
    this.drawer = drawer;
  }

  /**
   * A way to a session whose caches lie in the machine's memory, outside of the runtime's.
   *
   * @param session seen from the C API; closed by this
   * @return the way; the caller closes it
   */
  public static BoundPath onHost(NativeSession session) {
    return new BoundPath(session, new HostMemory(Long.MAX_VALUE), Optional.empty());
  }

  /**
   * A way to a session whose caches and logits come from its own allocator.
   *
   * @param runtime the C API
   * @param session seen from the C API; closed by this
   * @param place where caches lie
   * @param copyGraph has loaded {@link dev.loquat.backend.onnx.graph.CopyGraph} onto the same
   *     device; closed by this, also if this fails
   * @param drawer draws tokens on the same device; empty for a part of a model that gives no
   *     logits. Closed by the way
   * @return the way; the caller closes it
   * @throws OrtException if the runtime fails
   */
  public static BoundPath onDevice(
      NativeRuntime runtime,
      NativeSession session,
      MemoryPlace place,
      OrtSession copyGraph,
      Optional<TokenDrawer> drawer)
      throws OrtException {
    return new BoundPath(
        session, new DeviceMemory(session, place, new SlotCopier(runtime, copyGraph)), drawer);
  }

  @Override
  public TensorMemory memory() {
    return memory;
  }

  @Override
  public Optional<TokenDrawer> drawer() {
    return drawer;
  }

  @Override
  public SlotBinding bind() throws OrtException {
    return new BoundBinding(session, memory);
  }

  /** Closes the drawer, the memory and the session, each whatever becomes of those before. */
  @Override
  public void close() throws OrtException {
    try (session;
        memory) {
      if (drawer.isPresent()) {
        drawer.get().close();
      }
    }
  }
}
