package dev.loquat;

import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;

/**
 * What an interrupt becomes where a model is loaded. A thread's interrupt closes the channel that
 * it reads from, which looks like a file that can't be read.
 */
final class InterruptedLoad {
  private InterruptedLoad() {}

  /** The failure itself, or the cancellation that it stands for; the interrupt stays set. */
  static RuntimeException of(RuntimeException failure) {
    return isInterrupt(failure)
        ? cancelled("Interrupted while loading the model; it was not loaded", failure)
        : failure;
  }

  /**
   * The cancellation of a wait for a load on another thread, which goes on; the interrupt is set.
   */
  static CancellationException ofAnother(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return cancelled("Interrupted while another call loads the model", cause);
  }

  private static boolean isInterrupt(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null && (cause instanceof ClosedByInterruptException || isInterrupt(cause));
  }

  private static CancellationException cancelled(String message, Exception cause) {
    CancellationException cancelled = new CancellationException(message);
    cancelled.initCause(cause);
    return cancelled;
  }
}
