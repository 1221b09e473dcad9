package dev.loquat.internal.replica;

import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.WorkerException;
import dev.loquat.generation.GenerationResult;

/** What readers are told of failures between them and a replica. */
final class Failures {
  private Failures() {}

  static LoquatException typed(Throwable cause) {
    return cause instanceof LoquatException known
        ? known
        : new BackendException("A replica's event could not be handed on: " + cause, cause);
  }

  static LoquatException ofStart(Throwable cause) {
    return cause instanceof LoquatException known
        ? known
        : new BackendException("A replica could not be started again: " + cause, cause);
  }

  /** Why a replica has ended that refuses a call. */
  static LoquatException reason(LoquatException refusal) {
    return refusal.getCause() instanceof LoquatException reason ? reason : refusal;
  }

  /** What a generation is told that ran in a process that ended, and is not begun again. */
  static LoquatException ofRunning(LoquatException cause, boolean wasRetried) {
    if (!(cause instanceof WorkerException)) {
      return cause;
    }
    String outcome =
        wasRetried
            ? "This generation was begun again, as retryRunning() asks, but its second process ended,"
                + " too; it is not begun a third time, since it may be what ends them. "
            : "The process that ran this generation ended; generate once more, or load with"
                + " Replicas.retryRunning(). ";
    return new WorkerException(outcome + cause.getMessage(), cause);
  }

  static LoquatException differs() {
    return new BackendException(
        "The replica that ran this generation ended, and another one began it again, but wrote"
            + " another text than was delivered before. Generate it again.");
  }

  static LoquatException shorter(GenerationResult result) {
    return new BackendException(
        "The replica that ran this generation ended, and another one began it again, but ended with "
            + result.finishReason()
            + " before it had written all that was delivered before. Generate it again.");
  }
}
