package dev.loquat;

import dev.loquat.generation.GenerationResult;
import dev.loquat.internal.engine.GenerationEvent;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.Pump;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A generation as a future: its end completes the future, and the future's end cancels it. */
final class AsyncResult {
  /**
   * The common pool; where that has only one thread, which one caller could block, a thread each.
   */
  static final Executor DEFAULT_EXECUTOR = new CompletableFuture<>().defaultExecutor();

  private final GenerationHandle handle;
  private final CompletableFuture<GenerationResult> future;
  private volatile @Nullable Throwable refusal;

  private AsyncResult(GenerationHandle handle) {
    this.handle = handle;
    future = new ModelFuture<>(handle::requireOtherThread);
  }

  static CompletableFuture<GenerationResult> of(GenerationHandle handle, Executor executor) {
    AsyncResult result = new AsyncResult(handle);
    Pump pump = new Pump(executor, DEFAULT_EXECUTOR, result::complete, result::refuse);
    var unused = result.future.whenComplete((value, failure) -> handle.cancel());
    handle.onEnd(pump::signal);
    return result.future;
  }

  /** The end of all, or the first failure of one, which cancels the others, as cancelling does. */
  static CompletableFuture<List<GenerationResult>> all(
      List<CompletableFuture<GenerationResult>> parts) {
    CompletableFuture<List<GenerationResult>> all = parts.get(0).newIncompleteFuture();
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

  private void refuse(Throwable cause) {
    refusal = cause;
  }

  private void complete() {
    Throwable refused = refusal;
    if (refused != null) {
      future.completeExceptionally(refused);
    } else {
      drain();
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
      future.completeExceptionally(failed.forCaller());
    }
  }
}
