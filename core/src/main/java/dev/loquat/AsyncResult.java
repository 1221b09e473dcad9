package dev.loquat;

import dev.loquat.generation.GenerationResult;
import dev.loquat.internal.engine.GenerationEvent;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.Pump;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A generation as a future: its end completes the future, and the future's end cancels it. */
final class AsyncResult {
  /**
   * The common pool; where that has only one thread, which one caller could block, a thread each.
   */
  static final Executor DEFAULT_EXECUTOR = new CompletableFuture<>().defaultExecutor();

  private final GenerationHandle handle;
  private final CompletableFuture<GenerationResult> future = new CompletableFuture<>();

  private AsyncResult(GenerationHandle handle) {
    this.handle = handle;
  }

  static CompletableFuture<GenerationResult> of(GenerationHandle handle, Executor executor) {
    AsyncResult result = new AsyncResult(handle);
    Pump pump = new Pump(executor, result::drain, result::fail);
    var unused = result.future.whenComplete((value, failure) -> handle.cancel());
    handle.onEvent(pump::signal);
    return result.future;
  }

  /** The end of all, or the first failure of one, which cancels the others, as cancelling does. */
  static CompletableFuture<List<GenerationResult>> all(
      List<CompletableFuture<GenerationResult>> parts) {
    CompletableFuture<List<GenerationResult>> all = new CompletableFuture<>();
    parts.forEach(part -> failWith(part, all));
    completeAfter(parts, all);
    var unused = all.whenComplete((value, failure) -> parts.forEach(part -> part.cancel(false)));
    return all;
  }

  private static void failWith(CompletableFuture<?> part, CompletableFuture<?> all) {
    var unused =
        part.whenComplete(
            (value, failure) -> {
              if (failure != null) {
                all.completeExceptionally(failure);
              }
            });
  }

  private static void completeAfter(
      List<CompletableFuture<GenerationResult>> parts,
      CompletableFuture<List<GenerationResult>> all) {
    var unused =
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
            .thenRun(() -> all.complete(parts.stream().map(CompletableFuture::join).toList()));
  }

  /** Actions that depend on the future must not run on the engine's thread, which signals. */
  private void fail(Throwable cause) {
    handle.cancel();
    try {
      DEFAULT_EXECUTOR.execute(() -> future.completeExceptionally(cause));
    } catch (OutOfMemoryError e) { // No thread to be had: better here than never.
      future.completeExceptionally(cause);
    }
  }

  private void drain() {
    Optional<GenerationEvent> event = handle.poll();
    while (event.isPresent()) {
      complete(event.get());
      event = handle.poll();
    }
  }

  private void complete(GenerationEvent event) {
    if (event instanceof GenerationEvent.Finished finished) {
      future.complete(finished.result());
    } else if (event instanceof GenerationEvent.Failed failed) {
      future.completeExceptionally(failed.cause());
    }
  }
}
