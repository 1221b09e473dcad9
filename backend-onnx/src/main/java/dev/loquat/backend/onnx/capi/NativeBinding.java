package dev.loquat.backend.onnx.capi;

import ai.onnxruntime.OrtException;
import com.sun.jna.Pointer;

/**
 * The inputs and outputs of a session's runs. What is bound stays bound until something else is
 * bound to the same name.
 */
public final class NativeBinding implements AutoCloseable {
  private final NativeRuntime runtime;
  private final Pointer session;
  private final NativeHandle binding;

  NativeBinding(NativeRuntime runtime, Pointer session, NativeHandle binding) {
    this.runtime = runtime;
    this.session = session;
    this.binding = binding;
  }

  /**
   * Binds an input. One that lies elsewhere than the session reads it is copied there now, and not
   * again when a run begins; the copy is to be awaited before.
   *
   * @param name its name in the graph
   * @param tensor what is read
   * @throws OrtException if there is no such input, or it can't be copied
   */
  public void input(String name, NativeTensor tensor) throws OrtException {
    runtime.call(ApiFunction.BIND_INPUT, binding.pointer(), name, tensor.pointer());
  }

  /**
   * Binds an output. One that lies elsewhere than the session computes it is copied there when a
   * run ends.
   *
   * @param name its name in the graph
   * @param tensor what is written
   * @throws OrtException if there is no such output
   */
  public void output(String name, NativeTensor tensor) throws OrtException {
    runtime.call(ApiFunction.BIND_OUTPUT, binding.pointer(), name, tensor.pointer());
  }

  /**
   * Waits until all inputs are where they are read.
   *
   * @throws OrtException if the runtime fails
   */
  public void awaitInputs() throws OrtException {
    runtime.call(ApiFunction.AWAIT_INPUTS, binding.pointer());
  }

  /**
   * Runs the graph and waits for it.
   *
   * @throws OrtException if the runtime fails
   */
  public void run() throws OrtException {
    runtime.call(ApiFunction.RUN_WITH_BINDING, session, null, binding.pointer());
  }

  /**
   * Runs the graph, waits for it, and gives back the memory that the session's allocator of a place
   * keeps but doesn't use.
   *
   * @param place the place
   * @throws OrtException if the runtime fails
   */
  public void runAndShrink(MemoryPlace place) throws OrtException {
    try (NativeHandle options =
        runtime.create(ApiFunction.CREATE_RUN_OPTIONS, ApiFunction.RELEASE_RUN_OPTIONS)) {
      runtime.call(
          ApiFunction.ADD_RUN_OPTION,
          options.pointer(),
          "memory.enable_memory_arena_shrinkage",
          place.name());
      runtime.call(ApiFunction.RUN_WITH_BINDING, session, options.pointer(), binding.pointer());
    }
  }

  /** A second call does nothing. */
  @Override
  public void close() {
    binding.close();
  }
}
