package dev.loquat.internal.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The places of generations that wait for a slot: as many as the queue holds.
 *
 * <p>Safe for use by several threads, virtual ones too. Whoever waits longest enters first.
 */
final class WaitingRoom {
  private final int capacity;
  private final Semaphore places;

  WaitingRoom(int capacity) {
    this.capacity = capacity;
    places = new Semaphore(capacity, true);
  }

  int capacity() {
    return capacity;
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
