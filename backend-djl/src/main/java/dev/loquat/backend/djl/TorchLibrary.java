package dev.loquat.backend.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import dev.loquat.backend.Support;
import dev.loquat.backend.Support.Supported;
import dev.loquat.backend.Support.Unsupported;
import dev.loquat.device.Device;
import dev.loquat.error.BackendException;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's native library in this process: loaded once, when first asked for.
 *
 * <p>Safe for use by several threads.
 */
final class TorchLibrary {
  private final TorchInstallation installation;
  private @Nullable Support loaded;

  TorchLibrary(TorchInstallation installation) {
    this.installation = installation;
  }

  /** Loads the library if that was not tried before, and says how it went. */
  synchronized Support load() {
    if (loaded == null) {
      loaded = installation.check() instanceof Unsupported missing ? missing : loadNative();
    }
    return loaded;
  }

  /**
   * Loads the library.
   *
   * @throws BackendException if it can't be loaded
   */
  void require() {
    if (load() instanceof Unsupported missing) {
      throw new BackendException(missing.reason());
    }
  }

  /** Whether the library is there and computes on a device. */
  Support computesOn(Device device) {
    Support support = load();
    return support instanceof Supported ? Probe.device(device) : support;
  }

  /**
   * Sets what PyTorch keeps for each calling thread: how many threads it computes with, and that
   * programs run as they stand (the graph optimizer makes the first steps slow and none faster).
   */
  static void enter(int threads) {
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setNumThreads(threads);
  }

  private static Support loadNative() {
    try {
      QuietStart.run(() -> BriefSpinning.during(() -> Engine.getEngine(PtEngine.ENGINE_NAME)));
      return Support.yes();
    } catch (EngineException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Support.no(
          "PyTorch's native library does not load: "
              + TorchFailure.firstSentence(cause)
              + ". Is it version "
              + TorchInstallation.PYTORCH_VERSION
              + ", for this platform?");
    }
  }
}
