package dev.loquat;

import dev.loquat.generation.GenerationResult;
import dev.loquat.internal.engine.GenerationHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Generations of one call: the first that fails cancels the others at once, whichever of them the
 * caller waits for.
 *
 * <p>Safe for use by several threads: the caller's adds and waits, the model's tells the ends.
 */
final class CommonFate implements AutoCloseable {
  private final List<GenerationHandle> handles = new CopyOnWriteArrayList<>();
  private volatile boolean hasFailed;

  /** Takes one in, which may have ended. */
  void add(GenerationHandle handle) {
    handles.add(handle);
    handle.onEnd(() -> heed(handle));
    if (hasFailed) {
      handle.cancel();
    }
  }

  /** Whether one has failed, so that there is no use for more. */
  boolean hasFailed() {
    return hasFailed;
  }

  /** Waits for all; throws the first failure. */
  List<GenerationResult> results() {
    return handles.stream().map(GenerationHandle::result).toList();
  }

  /** Cancels those that still run. */
  @Override
  public void close() {
    handles.forEach(GenerationHandle::cancel);
  }

  /** Runs on the model's thread. */
  private void heed(GenerationHandle ended) {
    if (ended.skipToEnd() && ended.hasFailed()) {
      hasFailed = true;
      close();
    }
  }
}
