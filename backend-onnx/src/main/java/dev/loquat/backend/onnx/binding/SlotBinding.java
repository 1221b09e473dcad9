package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;

/**
 * What the runs over some slots read and write. What was bound once stays bound, and binding it
 * again costs nothing where the runtime would find the same; so a decode step binds next to
 * nothing.
 */
interface SlotBinding extends AutoCloseable {

  /** Binds an input, whose numbers are those that lie there now. */
  void input(String name, TensorView view) throws OrtException;

  /** Binds an output. */
  void output(String name, TensorView view) throws OrtException;

  /** Runs the graph and waits for it. */
  void run() throws OrtException;

  /** Leaves the memory. A second call does nothing. */
  @Override
  void close();
}
