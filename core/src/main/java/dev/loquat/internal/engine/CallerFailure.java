package dev.loquat.internal.engine;

import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.error.SamplingException;
import dev.loquat.error.TimedOutException;
import dev.loquat.error.WorkerException;
import java.util.Map;
import java.util.function.Function;

/**
 * A failure of the engine as one caller gets it: with the caller's own frames, and no object that
 * other callers hold, too.
 */
final class CallerFailure {
  private static final Map<Class<?>, Function<LoquatException, LoquatException>> KINDS =
      Map.of(
          BackendException.class, failure -> new BackendException(message(failure), failure),
          WorkerException.class, failure -> new WorkerException(message(failure), failure),
          ModelClosedException.class,
              failure -> new ModelClosedException(message(failure), failure),
          SamplingException.class, failure -> new SamplingException(message(failure), failure),
          TimedOutException.class, failure -> caused(timedOut(failure), failure),
          OutOfMemoryException.class, failure -> caused(outOfMemory(failure), failure));

  private CallerFailure() {}

  /**
   * The same type and message, caused by the failure; the failure itself if it is of a type that
   * the engine does not make.
   */
  static LoquatException of(LoquatException failure) {
    return KINDS.getOrDefault(failure.getClass(), known -> known).apply(failure);
  }

  private static LoquatException timedOut(LoquatException failure) {
    return new TimedOutException(message(failure));
  }

  private static LoquatException outOfMemory(LoquatException failure) {
    OutOfMemoryException known = (OutOfMemoryException) failure;
    return new OutOfMemoryException(message(failure), known.neededBytes(), known.availableBytes());
  }

  private static LoquatException caused(LoquatException copy, LoquatException failure) {
    copy.initCause(failure);
    return copy;
  }

  private static String message(LoquatException failure) {
    return String.valueOf(failure.getMessage());
  }
}
