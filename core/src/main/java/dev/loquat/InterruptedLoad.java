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
    return isInterrupt(failure) ? cancelled(failure) : failure;
  }

  private static boolean isInterrupt(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null && (cause instanceof ClosedByInterruptException || isInterrupt(cause));
  }

  private static CancellationException cancelled(RuntimeException failure) {
    CancellationException cancelled =
        new CancellationException("Interrupted while loading the model; it was not loaded");
    cancelled.initCause(failure);
    return cancelled;
  }
}
