package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.loquat.error.BackendException;
import dev.loquat.error.OutOfMemoryException;
import java.util.List;

/** What the runtime's failures mean to a caller. */
final class RuntimeFailures {
  /** Allocation failures have no code of their own: what the runtime, C++, CUDA and cuBLAS say. */
  private static final List<String> ALLOCATION_TEXTS =
      List.of(
          "Failed to allocate memory",
          "bad_alloc",
          "out of memory",
          "ALLOC_FAILED",
          "is smaller than requested bytes");

  private RuntimeFailures() {}

  /**
   * The failure for callers.
   *
   * @param action what was being done, such as "load the model"
   * @param sizes what needed memory, for the case that there was not enough
   */
  static BackendException failure(String action, String sizes, OrtException e) {
    String message = String.valueOf(e.getMessage());
    if (ALLOCATION_TEXTS.stream().anyMatch(message::contains)) {
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
