package dev.loquat.internal.engine;

import dev.loquat.error.LoquatException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Whoever waits for the engine, to be released without it if it does not come back.
 *
 * <p>Safe for use by several threads.
 */
final class WaitingCallers {
  private final Set<Consumer<LoquatException>> releases = ConcurrentHashMap.newKeySet();

  /**
   * Remembers one.
   *
   * @param end completes when it waits no more
   * @param release ends its wait with a failure, unless it has ended
   */
  void add(CompletableFuture<?> end, Consumer<LoquatException> release) {
    releases.add(release);
    var unused = end.whenComplete((result, failure) -> releases.remove(release));
  }

  void releaseAll(LoquatException cause) {
    releases.forEach(release -> release.accept(cause));
  }
}
