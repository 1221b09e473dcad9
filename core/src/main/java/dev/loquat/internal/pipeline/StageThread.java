package dev.loquat.internal.pipeline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The thread that alone uses a stage's sessions. Tasks run in the order they come. */
final class StageThread implements AutoCloseable {
  private final ExecutorService executor;

  /** A daemon thread, which starts with the first task. */
  StageThread(String name) {
    executor = Executors.newSingleThreadExecutor(task -> daemon(task, name));
  }

  /** Runs a task; its failure is the future's. */
  CompletableFuture<Void> run(Runnable task) {
    return CompletableFuture.runAsync(task, executor);
  }

  /** Runs a task after another, of whatever thread, has succeeded. */
  CompletableFuture<Void> runAfter(CompletableFuture<Void> before, Runnable task) {
    return before.thenRunAsync(task, executor);
  }

  /** Ends the thread when its tasks have. A second call does nothing. */
  @Override
  public void close() {
    executor.shutdown();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
