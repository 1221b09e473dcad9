package dev.loquat.internal.worker;

import dev.loquat.error.BackendException;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.ConstraintException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.error.SamplingException;
import dev.loquat.error.TimedOutException;
import dev.loquat.error.UnsupportedModelException;
import java.util.Map;
import java.util.function.Function;

/**
 * A failure of another process: its type's name, its message, and the bytes of short memory.
 *
 * @param type the simple name of the exception
 * @param message its message
 * @param neededBytes what was needed, where memory was short
 * @param availableBytes what there was
 */
record FailureText(String type, String message, long neededBytes, long availableBytes) {
  private static final Map<String, Function<String, LoquatException>> TYPES =
      Map.of(
          "BackendUnavailableException", BackendUnavailableException::new,
          "CheckpointException", CheckpointException::new,
          "ConstraintException", ConstraintException::new,
          "DeviceUnavailableException", DeviceUnavailableException::new,
          "ModelClosedException", ModelClosedException::new,
          "PromptTooLongException", PromptTooLongException::new,
          "SamplingException", SamplingException::new,
          "TimedOutException", TimedOutException::new,
          "UnsupportedModelException", UnsupportedModelException::new);

  static FailureText of(Throwable failure) {
    String type = failure.getClass().getSimpleName();
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return failure instanceof OutOfMemoryException memory
        ? new FailureText(type, message, memory.neededBytes(), memory.availableBytes())
        : new FailureText(type, message, 0, 0);
  }

  /** The exception; of a type that is none of Loquat's, one of the backend's. */
  LoquatException exception() {
    return type.equals(OutOfMemoryException.class.getSimpleName())
        ? new OutOfMemoryException(message, neededBytes, availableBytes)
        : TYPES.getOrDefault(type, BackendException::new).apply(message);
  }
}
