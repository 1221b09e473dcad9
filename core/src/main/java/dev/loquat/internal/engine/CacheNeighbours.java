package dev.loquat.internal.engine;

import dev.loquat.error.ModelClosedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Engines whose KV caches lie in the same memory, as those of lanes do: one that runs short has the
 * others give back what they only keep.
 *
 * <p>Safe for use by several threads.
 */
public final class CacheNeighbours {
  /** A neighbour that a caller's listener holds up for longer is not waited for. */
  private static final int PATIENCE_SECONDS = 5;

  private final List<CommandQueue> engines = new CopyOnWriteArrayList<>();
  private final ReentrantLock asking = new ReentrantLock();

  /** Nobody yet; engines join as they start. */
  public CacheNeighbours() {}

  void join(CommandQueue engine) {
    engines.add(engine);
  }

  /**
   * Has all others give back what they keep, each between two of its steps, and waits for that. If
   * one of them asks for the same now, nothing is waited for: the two would wait for each other.
   *
   * @param own who asks, on its own thread
   */
  void emptyOthers(CommandQueue own) {
    if (asking.tryLock()) {
      try {
        await(engines.stream().filter(engine -> engine != own).map(CacheNeighbours::ask).toList());
      } finally {
        asking.unlock();
      }
    }
  }

  private static CompletableFuture<Void> ask(CommandQueue engine) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      engine.add(new EngineCommand.EmptyCache(done));
    } catch (ModelClosedException e) {
      done.complete(null);
    }
    return done;
  }

  /** What one could not give back is for its own callers to hear of. */
  private static void await(List<CompletableFuture<Void>> asked) {
    CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(failure -> null)
        .join();
  }
}
