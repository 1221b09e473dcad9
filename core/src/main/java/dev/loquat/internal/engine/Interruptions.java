package dev.loquat.internal.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/** What an interrupt becomes where a caller waits for the model. */
public final class Interruptions {
  private Interruptions() {}

  /**
   * Waits for a thread's end, interrupted or not; an interrupt stays set.
   *
   * @param thread the thread
   * @param patience how long to wait
   * @return whether its end came in time
   */
  public static boolean join(Thread thread, Duration patience) {
    long deadline = System.nanoTime() + NANOSECONDS.convert(patience);
    boolean interrupted = false;
    long left = deadline - System.nanoTime();
    while (thread.isAlive() && left > 0) {
      try {
        NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = deadline - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /**
   * What an interrupt becomes; the thread's stays set.
   *
   * @param cause the interrupt
   * @return the exception to throw
   */
  public static CancellationException cancelled(InterruptedException cause) {
    Thread.currentThread().interrupt();
    CancellationException cancelled =
        new CancellationException("Interrupted while waiting for the model; it was told to stop");
    cancelled.initCause(cause);
    return cancelled;
  }
}
