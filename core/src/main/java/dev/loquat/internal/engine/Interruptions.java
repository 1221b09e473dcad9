package dev.loquat.internal.engine;

import java.util.concurrent.CancellationException;

/** What an interrupt becomes where a caller waits for the model. */
final class Interruptions {
  private Interruptions() {}

  /** The exception to throw; the thread's interrupt stays set. */
  static CancellationException cancelled(InterruptedException cause) {
    Thread.currentThread().interrupt();
    CancellationException cancelled =
        new CancellationException("Interrupted while waiting for the model; it was told to stop");
    cancelled.initCause(cause);
    return cancelled;
  }
}
