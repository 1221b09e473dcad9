package dev.loquat.internal.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for several stages, all of them, and throws what the first in order threw. */
final class Together {
  private Together() {}

  /** Has each part of a stage do something on the stage's thread, at the same time. */
  static <T> void run(
      List<T> parts, Function<T, StageThread> thread, BiConsumer<Integer, T> action) {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      int index = i;
      T part = parts.get(i);
      running.add(thread.apply(part).run(() -> action.accept(index, part)));
    }
    await(running);
  }

  /** Waits until all have ended, well or not. */
  static void await(List<CompletableFuture<Void>> running) {
    @Nullable Throwable first = null;
    for (CompletableFuture<Void> task : running) {
      try {
        task.join();
      } catch (CompletionException e) {
        first = first == null ? cause(e) : first;
      }
    }
    if (first != null) {
      throw unchecked(first);
    }
  }

  private static Throwable cause(CompletionException e) {
    return e.getCause() == null ? e : e.getCause();
  }

  /** What a stage throws goes to the caller as it is, as far as Java lets it. */
  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }
}
