package dev.loquat.internal.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The places of generations that have not ended: one for each slot, and as many as the queue holds.
 *
 * <p>Safe for use by several threads, virtual ones too. Whoever waits longest enters first.
 */
final class WaitingRoom {
  private final int queueCapacity;
  private final Semaphore places;

  WaitingRoom(int slots, int queueCapacity) {
    this.queueCapacity = queueCapacity;
    places = new Semaphore((int) Math.min((long) slots + queueCapacity, Integer.MAX_VALUE), true);
  }

  int queueCapacity() {
    return queueCapacity;
  }

  /** Waits for a place, at most so long; tells whether there was one. */
  boolean enter(long nanos) throws InterruptedException {
    return places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
  }

  /** Takes a place if there is one. */
  boolean tryEnter() {
    return places.tryAcquire();
  }

  void leave() {
    places.release();
  }
}
