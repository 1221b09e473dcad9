package dev.loquat;

import dev.loquat.error.LoquatException;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.Pump;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A generation as a future: its end completes the future, and the future's end cancels it. */
final class AsyncResult<T> {
  /**
   * The common pool; where that has only one thread, which one caller could block, a thread each.
   */
  static final Executor DEFAULT_EXECUTOR = new CompletableFuture<>().defaultExecutor();

  private final GenerationHandle handle;
  private final Function<GenerationHandle, T> read;
  private final CompletableFuture<T> future;
  private volatile @Nullable Throwable refusal;

  private AsyncResult(GenerationHandle handle, Function<GenerationHandle, T> read) {
    this.handle = handle;
    this.read = read;
    future = new ModelFuture<>(handle::requireOtherThread);
  }

  /** What is read of a handle whose end has come. */
  static <T> CompletableFuture<T> of(
      GenerationHandle handle, Function<GenerationHandle, T> read, Executor executor) {
    AsyncResult<T> result = new AsyncResult<>(handle, read);
    Pump pump = new Pump(executor, DEFAULT_EXECUTOR, result::complete, result::refuse);
    var unused = result.future.whenComplete((value, failure) -> handle.cancel());
    handle.onEnd(pump::signal);
    return result.future;
  }

  /** The end of all, or the first failure of one, which cancels the others, as cancelling does. */
  static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> parts) {
    if (parts.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    CompletableFuture<List<T>> all = parts.get(0).newIncompleteFuture();
    parts.forEach(part -> failWith(part, all));
    completeAfter(parts, all);
    var unused = all.whenComplete((value, failure) -> parts.forEach(part -> part.cancel(false)));
    return all;
  }

  /** What is made of a result, whose cancelling is that of the generation. */
  static <T, U> CompletableFuture<U> map(CompletableFuture<T> result, Function<T, U> read) {
    CompletableFuture<U> mapped = result.thenApply(read);
    var unused = mapped.whenComplete((value, failure) -> result.cancel(false));
    return mapped;
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

  private static <T> void completeAfter(
      List<CompletableFuture<T>> parts, CompletableFuture<List<T>> all) {
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
    } else if (handle.skipToEnd()) {
      readEnd();
    }
  }

  private void readEnd() {
    try {
      future.complete(read.apply(handle));
    } catch (LoquatException e) {
      future.completeExceptionally(e);
    }
  }
}
