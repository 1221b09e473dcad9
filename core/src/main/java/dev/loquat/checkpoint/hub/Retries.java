package dev.loquat.checkpoint.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.function.LongSupplier;

/**
 * Repeats what failed for a passing reason: the network, or a server that answers 429 or 5xx.
 *
 * @param pause waits between attempts: 1, 2, 4 ... seconds
 * @param attempts how many attempts in a row may fail without progress
 */
record Retries(Pause pause, int attempts) {
  static final int ATTEMPTS = 5;

  /** A machine without a network stays so for the next seconds. */
  private static final int ATTEMPTS_OFFLINE = 2;

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
        if (failed >= Math.min(attempts, worthwhile(e))) {
          throw new UnreachableException(uri, failed, e);
        }
      }
      Pause.orFail(pause, FIRST_PAUSE_MILLIS << (failed - 1));
    }
  }

  private static int worthwhile(IOException failure) {
    return isOffline(failure) ? ATTEMPTS_OFFLINE : Integer.MAX_VALUE;
  }

  /** Whether nobody was reached; a connection that timed out may come next time. */
  static boolean isOffline(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || failure instanceof NoRouteToHostException;
  }
}
