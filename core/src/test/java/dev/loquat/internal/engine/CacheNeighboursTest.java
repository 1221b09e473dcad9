package dev.loquat.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.error.ModelClosedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CacheNeighboursTest {
  private final CacheNeighbours neighbours = new CacheNeighbours();
  private final List<String> events = new ArrayList<>();

  private CommandQueue engine() {
    CommandQueue engine = new CommandQueue();
    neighbours.join(engine);
    return engine;
  }

  private static CompletableFuture<Void> asked(CommandQueue engine) {
    return ((EngineCommand.EmptyCache) engine.take()).done();
  }

  @Test
  void waitsUntilTheOthersHaveEmptiedTheirs() {
    CommandQueue own = engine();
    CommandQueue one = engine();
    CommandQueue other = engine();
    CompletableFuture<Void> emptied =
        CompletableFuture.runAsync(() -> neighbours.emptyOthers(own))
            .thenRun(() -> events.add("went on"));
    CompletableFuture<Void> first = asked(one);
    CompletableFuture<Void> last = asked(other);
    first.complete(null);
    events.add("emptied the last");
    last.complete(null);
    emptied.join();
    assertThat(events).containsExactly("emptied the last", "went on");
    assertThat(own.poll()).isNull();
  }

  @Test
  void twoThatAskAtOnceDoNotWaitForEachOther() {
    CommandQueue one = engine();
    CommandQueue other = engine();
    CompletableFuture<Void> emptied = CompletableFuture.runAsync(() -> neighbours.emptyOthers(one));
    CompletableFuture<Void> ofOther = asked(other);
    neighbours.emptyOthers(other);
    assertThat(one.poll()).as("what the waiting one is asked").isNull();
    ofOther.complete(null);
    emptied.join();
  }

  @Test
  void goesOnWhereANeighbourFailsOrHasEnded() {
    CommandQueue own = engine();
    CommandQueue failing = engine();
    List<EngineCommand> unused =
        engine().close(new ModelClosedException("The test's engine ended."));
    CompletableFuture<Void> emptied = CompletableFuture.runAsync(() -> neighbours.emptyOthers(own));
    asked(failing).completeExceptionally(new IllegalStateException("The test's engine fails."));
    emptied.join();
  }
}
