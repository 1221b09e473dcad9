package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.loquat.error.BackendException;

/** The process's one runtime. */
final class Runtimes {
  private Runtimes() {}

  /**
   * The runtime, which the first call starts: it logs nothing, for failures come as exceptions, and
   * sends nothing. One that the application started before is used as it is.
   *
   * @throws LinkageError if its native library does not load
   */
  static OrtEnvironment environment() {
    return Started.ENVIRONMENT;
  }

  /** Asks once: the runtime warns at every request with other settings than it started with. */
  private static final class Started {
    static final OrtEnvironment ENVIRONMENT = start();

    private static OrtEnvironment start() {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "loquat");
      try {
        environment.setTelemetry(false);
      } catch (OrtException e) {
        throw new BackendException("ONNX Runtime could not turn its telemetry off.", e);
      }
      return environment;
    }
  }
}
