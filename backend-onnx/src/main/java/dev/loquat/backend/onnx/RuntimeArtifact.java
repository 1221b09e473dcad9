package dev.loquat.backend.onnx;

import dev.loquat.backend.Support;

/**
 * ONNX Runtime's Java classes, which come in an artifact of their own. Must not refer to them: it
 * looks whether they are there.
 */
final class RuntimeArtifact {
  /** The version that this backend is built and tested with. */
  static final String VERSION = "1.29.0";

  private RuntimeArtifact() {}

  /** Whether the classes are on the path. Loads none of them. */
  static Support check() {
    try {
      Class.forName("ai.onnxruntime.OrtEnvironment", false, RuntimeArtifact.class.getClassLoader());
      return Support.yes();
    } catch (ClassNotFoundException e) {
      return Support.no(
          "ONNX Runtime is not on the path: add the dependency com.microsoft.onnxruntime:onnxruntime:"
              + VERSION
              + " (for NVIDIA GPUs onnxruntime_gpu:"
              + VERSION
              + ")");
    }
  }
}
