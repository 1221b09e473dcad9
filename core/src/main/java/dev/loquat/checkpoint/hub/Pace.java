package dev.loquat.checkpoint.hub;

import java.time.Duration;

/**
 * How slowly a body may arrive. Only the waits count, not what its reader does between them.
 *
 * @param limit how long a reader may wait
 * @param bytes for so many bytes; then the time begins anew
 */
record Pace(Duration limit, long bytes) {

  /** The whole body within a time, however long it is. */
  static Pace whole(Duration limit) {
    return new Pace(limit, Long.MAX_VALUE);
  }

  String broken() {
    return bytes == Long.MAX_VALUE
        ? "the answer was not complete after " + limit.toSeconds() + " s"
        : "fewer than " + bytes + " bytes arrived in " + limit.toSeconds() + " s";
  }
}
