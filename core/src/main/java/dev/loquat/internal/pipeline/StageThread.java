package dev.loquat.internal.pipeline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The thread that alone uses a stage's sessions. Tasks run in the order they come. */
final class StageThread implements AutoCloseable {
  private final ExecutorService executor;
  private final Runnable afterEach;

  /**
   * A daemon thread, which starts with the first task.
   *
   * @param afterEach run behind every task, also one that failed
   */
  StageThread(String name, Runnable afterEach) {
    this.afterEach = afterEach;
    executor = Executors.newSingleThreadExecutor(task -> daemon(task, name));
  }

  /** Runs a task; its failure is the future's. */
  CompletableFuture<Void> run(Runnable task) {
    return CompletableFuture.runAsync(whole(task), executor);
  }

  /** Runs a task after another, of whatever thread, has succeeded. */
  CompletableFuture<Void> runAfter(CompletableFuture<Void> before, Runnable task) {
    return before.thenRunAsync(whole(task), executor);
  }

  private Runnable whole(Runnable task) {
    return () -> {
      try {
        task.run();
      } finally {
        afterEach.run();
      }
    };
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
