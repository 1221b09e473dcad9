package dev.loquat.checkpoint.hub;

import java.io.IOException;
import java.net.URI;
import java.util.function.LongSupplier;

/**
 * Repeats what failed for a passing reason: the network, or a server that answers 429 or 5xx.
 *
 * @param pause waits between attempts: 1, 2, 4 ... seconds
 * @param attempts how many attempts in a row may fail without progress
 */
record Retries(Pause pause, int attempts) {
  static final int ATTEMPTS = 5;

  /** Enough that a server which drips single bytes can't keep us for ever. */
  private static final long GOOD_PROGRESS_BYTES = 1 << 20;

  private static final long FIRST_PAUSE_MILLIS = 1000;

  /** What may fail for a passing reason. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  <T> T run(URI uri, Attempt<T> attempt) throws UnreachableException {
    return run(uri, attempt, () -> 0);
  }

  /**
   * Repeats an attempt until it succeeds.
   *
   * @param progress bytes that are here; an attempt that added a good many starts the count anew
   */
  <T> T run(URI uri, Attempt<T> attempt, LongSupplier progress) throws UnreachableException {
    int failed = 0;
    while (true) {
      long before = progress.getAsLong();
      try {
        return attempt.run();
      } catch (IOException e) {
        boolean progressed = progress.getAsLong() - before >= GOOD_PROGRESS_BYTES;
        failed = progressed ? 1 : failed + 1;
        if (failed >= attempts) {
          throw new UnreachableException(uri, failed, e);
        }
      }
      Pause.orFail(pause, FIRST_PAUSE_MILLIS << (failed - 1));
    }
  }
}
