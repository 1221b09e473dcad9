package dev.loquat.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitingRoomTest {
  private final WaitingRoom room = new WaitingRoom(1, 1);
  private final List<String> entered = new CopyOnWriteArrayList<>();

  private Thread caller(String name, int priority) {
    Thread thread =
        new Thread(
            () -> {
              try {
                if (room.enter(priority, Long.MAX_VALUE)) {
                  entered.add(name);
                }
              } catch (InterruptedException e) {
                entered.add(name + " interrupted");
              }
            });
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private void fill() {
    assertThat(Stream.generate(room::tryEnter).limit(3)).containsExactly(true, true, false);
  }

  @Test
  void theHighestPriorityEntersFirstThenWhoWaitsLongest() throws Exception {
    fill();
    List<Thread> callers =
        List.of(caller("first", 0), caller("second", 0), caller("urgent", 100), caller("idle", -1));
    for (int i = 1; i <= callers.size(); i++) {
      room.leave();
      while (entered.size() < i) {
        Thread.onSpinWait();
      }
    }
    assertThat(entered).containsExactly("urgent", "first", "second", "idle");
  }

  @Test
  void whoGivesUpTakesNoPlace() throws Exception {
    fill();
    assertThat(room.enter(5, 0)).isFalse();
    assertThat(room.enter(5, 1_000)).isFalse();
    Thread interrupted = caller("urgent", 1);
    interrupted.interrupt();
    interrupted.join();
    Thread next = caller("next", 0);
    room.leave();
    next.join();
    assertThat(entered).containsExactly("urgent interrupted", "next");
    assertThat(room.tryEnter()).isFalse();
    room.leave();
    assertThat(room.tryEnter()).isTrue();
  }

  @Test
  void placesAreNeverLostToCallersThatAreInterrupted() {
    fill();
    for (int round = 0; round < 200; round++) {
      Thread caller = caller("caller", 0);
      CompletableFuture<Void> leaving = CompletableFuture.runAsync(room::leave);
      caller.interrupt();
      leaving.join();
      join(caller);
      if (entered.get(round).endsWith("interrupted")) {
        assertThat(room.tryEnter()).as("the place that was left").isTrue();
      }
      assertThat(room.tryEnter()).as("another").isFalse();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
