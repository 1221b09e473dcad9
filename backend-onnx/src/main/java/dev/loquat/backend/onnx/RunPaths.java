package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.onnx.binding.BoundPath;
import dev.loquat.backend.onnx.binding.PinnedPath;
import dev.loquat.backend.onnx.binding.RunPath;
import dev.loquat.backend.onnx.binding.TokenDrawer;
import dev.loquat.backend.onnx.capi.MemoryPlace;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.graph.CopyGraph;
import dev.loquat.backend.onnx.graph.GraphValues;
import dev.loquat.checkpoint.LayerRange;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the way to a session that has loaded a decoder. */
final class RunPaths {
  private final OrtEnvironment environment;
  private final SessionLoader loader;
  private final RunMode mode;

  RunPaths(OrtEnvironment environment, SessionLoader loader, RunMode mode) {
    this.environment = environment;
    this.loader = loader;
    this.mode = mode;
  }

  /**
   * Opens a way.
   *
   * @param session of a decoder
   * @param range its layers
   * @param vocabularySize the width of its logits
   * @return the way; the caller closes it before the session
   */
  RunPath open(OrtSession session, LayerRange range, int vocabularySize) throws OrtException {
    Optional<NativeRuntime> runtime =
        mode == RunMode.PINNED ? Optional.empty() : Runtimes.nativeRuntime();
    return runtime.isPresent()
        ? bound(runtime.get(), session, range, vocabularySize)
        : new PinnedPath(environment, session);
  }

  private RunPath bound(
      NativeRuntime runtime, OrtSession session, LayerRange range, int vocabularySize)
      throws OrtException {
    NativeSession seen = new NativeSession(runtime, session);
    try {
      MemoryPlace place = seen.place(GraphValues.pastKeys(range.first()));
      return place.isOnHost() && mode != RunMode.ON_DEVICE
          ? BoundPath.onHost(seen)
          : onDevice(runtime, seen, place, drawer(runtime, range, vocabularySize));
    } catch (OrtException | RuntimeException | Error e) {
      seen.close();
      throw e;
    }
  }

  private RunPath onDevice(
      NativeRuntime runtime, NativeSession seen, MemoryPlace place, Optional<TokenDrawer> drawer)
      throws OrtException {
    try {
      return BoundPath.onDevice(runtime, seen, place, load(CopyGraph.model()), drawer);
    } catch (OrtException | RuntimeException | Error e) {
      if (drawer.isPresent()) {
        drawer.get().close();
      }
      throw e;
    }
  }

  private Optional<TokenDrawer> drawer(NativeRuntime runtime, LayerRange range, int vocabularySize)
      throws OrtException {
    return range.isLastStage()
        ? Optional.of(TokenDrawer.load(runtime, this::load, vocabularySize))
        : Optional.empty();
  }

  private OrtSession load(byte[] model) throws OrtException {
    return loader.withoutThreads().load(model, Path.of(""));
  }
}
