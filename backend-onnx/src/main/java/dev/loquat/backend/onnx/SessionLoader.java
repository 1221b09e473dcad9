package dev.loquat.backend.onnx;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.loquat.backend.BackendOptions;
import dev.loquat.device.DeviceKind;
import java.nio.file.Path;
import java.util.Map;

/** Loads models into the runtime. */
final class SessionLoader {
  /**
   * How long idle threads spin. Without spinning every operator wakes them; spinning without end
   * takes the cores from other processes, and from the application's own threads.
   */
  private static final String SPIN_MICROSECONDS = "200";

  private final OrtEnvironment environment;
  private final BackendOptions options;
  private final int threads;

  SessionLoader(OrtEnvironment environment, BackendOptions options, int threads) {
    this.environment = environment;
    this.options = options;
    this.threads = threads;
  }

  /** Loads models that compute on the thread that runs them: no other waits for their work. */
  SessionLoader withoutThreads() {
    return new SessionLoader(environment, options, 1);
  }

  /**
   * Loads a model.
   *
   * @param model the bytes of an ONNX file
   * @param weightFolder the folder its weight files are named relative to
   * @return the session; the caller closes it
   */
  OrtSession load(byte[] model, Path weightFolder) throws OrtException {
    return load(model, weightFolder, Map.of());
  }

  /**
   * Loads a model some of whose weights are in memory.
   *
   * @param model the bytes of an ONNX file
   * @param weightFolder the folder its weight files are named relative to
   * @param inMemory the weights in memory, which the runtime copies
   * @return the session; the caller closes it
   */
  OrtSession load(byte[] model, Path weightFolder, Map<String, OnnxTensorLike> inMemory)
      throws OrtException {
    try (SessionOptions session = new SessionOptions()) {
      session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      session.setIntraOpNumThreads(threads);
      session.setInterOpNumThreads(1);
      session.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS);
      session.addConfigEntry(
          "session.model_external_initializers_file_folder_path", weightFolder.toString());
      if (options.device().kind() == DeviceKind.DISK) {
        session.addConfigEntry("session.disable_prepacking", "1");
      }
      if (!inMemory.isEmpty()) {
        session.addExternalInitializers(inMemory);
      }
      if (options.device().kind() == DeviceKind.CUDA) {
        return loadOnCuda(model, session);
      }
      return environment.createSession(model, session);
    }
  }

  /**
   * Takes from the device what is asked for, not the next power of two: caches are large. Patterns
   * of memory are not kept, for shapes change from run to run. Single precision is not multiplied
   * as TF32, which has no more digits than FP16.
   */
  private OrtSession loadOnCuda(byte[] model, SessionOptions session) throws OrtException {
    session.setMemoryPatternOptimization(false);
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(options.device().index())) {
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      cuda.add("use_tf32", "0");
      session.addCUDA(cuda);
      return environment.createSession(model, session);
    }
  }
}
