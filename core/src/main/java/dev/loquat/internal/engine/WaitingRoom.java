package dev.loquat.internal.engine;

import dev.loquat.error.QueueFullException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The places of generations that have not ended: one for each slot, and as many as the queue holds.
 *
 * <p>Safe for use by several threads, virtual ones too. Whoever waits longest enters first.
 */
public final class WaitingRoom {
  private final int queueCapacity;
  private final Semaphore places;

  /**
   * Creates it, empty.
   *
   * @param slots 1 or more
   * @param queueCapacity how many may wait for a slot, 1 or more
   */
  public WaitingRoom(int slots, int queueCapacity) {
    this.queueCapacity = queueCapacity;
    places = new Semaphore((int) Math.min((long) slots + queueCapacity, Integer.MAX_VALUE), true);
  }

  /**
   * The refusal of a request that found no place.
   *
   * @return the exception to throw
   */
  public QueueFullException full() {
    return new QueueFullException(
        queueCapacity
            + " requests wait for a slot, as many as the queue holds. Submit again when some have"
            + " ended, or load the model with a greater queueCapacity or batch.");
  }

  /**
   * Waits for a place.
   *
   * @param nanos how long at most
   * @return whether there was one
   * @throws InterruptedException if the thread is interrupted
   */
  public boolean enter(long nanos) throws InterruptedException {
    return places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Takes a place if there is one.
   *
   * @return whether there was one
   */
  public boolean tryEnter() {
    return places.tryAcquire();
  }

  /** Gives a place back. */
  public void leave() {
    places.release();
  }
}
