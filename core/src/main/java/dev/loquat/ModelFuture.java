package dev.loquat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future that refuses to be waited for where its end would never come. */
final class ModelFuture<T> extends CompletableFuture<T> {
  private final Runnable requireMayWait;

  /** Creates it; the check throws on a thread that must not wait. */
  ModelFuture(Runnable requireMayWait) {
    this.requireMayWait = requireMayWait;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new ModelFuture<>(requireMayWait);
  }

  @Override
  public T join() {
    requireReady();
    return super.join();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    requireReady();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    requireReady();
    return super.get(timeout, unit);
  }

  private void requireReady() {
    if (!isDone()) {
      requireMayWait.run();
    }
  }
}
