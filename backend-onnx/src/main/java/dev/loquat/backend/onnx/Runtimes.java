package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.error.BackendException;
import java.util.Optional;

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

  /**
   * Its C API.
   *
   * @return empty where the Java API is of another version than this backend is tested with, or
   *     keeps it to itself
   */
  static Optional<NativeRuntime> nativeRuntime() {
    return Started.NATIVE;
  }

  /** Asks once: the runtime warns at every request with other settings than it started with. */
  private static final class Started {
    static final OrtEnvironment ENVIRONMENT = start();
    static final Optional<NativeRuntime> NATIVE =
        ENVIRONMENT.getVersion().equals(RuntimeArtifact.VERSION)
            ? NativeRuntime.find()
            : Optional.empty();

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
