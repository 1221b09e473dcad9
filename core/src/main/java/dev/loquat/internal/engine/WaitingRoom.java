package dev.loquat.internal.engine;

import static java.util.Comparator.comparingInt;

import dev.loquat.error.QueueFullException;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places of generations that have not ended: one for each slot, and as many as the queue holds.
 *
 * <p>Safe for use by several threads, virtual ones too. The highest priority enters first, then
 * whoever waits longest. A place that is left goes to the first who waits: nobody gets by.
 */
public final class WaitingRoom {
  private final int queueCapacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Caller> callers =
      new PriorityQueue<>(
          comparingInt(Caller::priority).reversed().thenComparingLong(Caller::arrival));
  private long places;
  private long arrivals;

  /**
   * Creates it, empty.
   *
   * @param slots 1 or more
   * @param queueCapacity how many may wait for a slot, 1 or more
   */
  public WaitingRoom(int slots, int queueCapacity) {
    this.queueCapacity = queueCapacity;
    places = (long) slots + queueCapacity;
  }

  /** Who waits; has a place once no longer among the callers. */
  private record Caller(int priority, long arrival, Condition turn) {}

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
   * @param priority those of a higher one enter first
   * @param nanos how long at most
   * @return whether there was one
   * @throws InterruptedException if the thread is interrupted
   */
  public boolean enter(int priority, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return tryEnter() || awaitTurn(new Caller(priority, arrivals++, lock.newCondition()), nanos);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a place if there is one.
   *
   * @return whether there was one
   */
  public boolean tryEnter() {
    lock.lock();
    try {
      boolean isFree = places > 0;
      places -= isFree ? 1 : 0;
      return isFree;
    } finally {
      lock.unlock();
    }
  }

  /** Gives a place back. */
  public void leave() {
    lock.lock();
    try {
      Caller next = callers.poll();
      if (next == null) {
        places++;
      } else {
        next.turn().signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One that was interrupted as its turn came has a place all the same, and hands it on. */
  private boolean awaitTurn(Caller caller, long nanos) throws InterruptedException {
    callers.add(caller);
    long left = nanos;
    try {
      while (left > 0 && callers.contains(caller)) {
        left = caller.turn().awaitNanos(left);
      }
      return !callers.remove(caller);
    } catch (InterruptedException e) {
      if (!callers.remove(caller)) {
        leave();
      }
      throw e;
    }
  }
}
