package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.loquat.error.BackendException;
import dev.loquat.error.OutOfMemoryException;

/** What the runtime's failures mean to a caller. */
final class RuntimeFailures {
  /** Allocation failures have no code of their own. */
  private static final String ALLOCATION_TEXT = "Failed to allocate memory";

  private RuntimeFailures() {}

  /**
   * The failure for callers.
   *
   * @param action what was being done, such as "load the model"
   * @param sizes what needed memory, for the case that there was not enough
   */
  static BackendException failure(String action, String sizes, OrtException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains(ALLOCATION_TEXT) || message.contains("bad_alloc")) {
      return new OutOfMemoryException(
          "Not enough memory to "
              + action
              + " ("
              + sizes
              + "). Use a smaller batch, a shorter context or a smaller model. ONNX Runtime says: "
              + message,
          e);
    }
    return new BackendException("ONNX Runtime could not " + action + ": " + message, e);
  }
}
