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
import dev.loquat.error.WorkerException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A failure of another process: its type's name, its message, and what else it tells.
 *
 * @param type the simple name of the exception
 * @param message its message
 * @param neededBytes what was needed, where memory was short
 * @param availableBytes what there was
 * @param reason why a device can't be used, where it is that
 */
record FailureText(
    String type,
    String message,
    long neededBytes,
    long availableBytes,
    Optional<DeviceUnavailableException.Reason> reason) {
  private static final String HEAP_SHORTAGE = OutOfMemoryError.class.getSimpleName();

  private static final Map<String, Function<String, LoquatException>> TYPES =
      Map.of(
          "BackendUnavailableException", BackendUnavailableException::new,
          "CheckpointException", CheckpointException::new,
          "ConstraintException", ConstraintException::new,
          "ModelClosedException", ModelClosedException::new,
          "PromptTooLongException", PromptTooLongException::new,
          "SamplingException", SamplingException::new,
          "TimedOutException", TimedOutException::new,
          "UnsupportedModelException", UnsupportedModelException::new);

  static FailureText of(Throwable failure) {
    return HeapShortage.in(failure)
        .map(text -> new FailureText(HEAP_SHORTAGE, text, 0, 0, Optional.empty()))
        .orElseGet(() -> ofOther(failure));
  }

  private static FailureText ofOther(Throwable failure) {
    String type = failure.getClass().getSimpleName();
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (failure instanceof OutOfMemoryException memory) {
      return new FailureText(
          type, message, memory.neededBytes(), memory.availableBytes(), Optional.empty());
    }
    return new FailureText(
        type,
        message,
        0,
        0,
        failure instanceof DeviceUnavailableException device
            ? Optional.of(device.reason())
            : Optional.empty());
  }

  /**
   * The exception; of a type that is none of Loquat's, one of the backend's.
   *
   * @param replica what messages call the replica in whose process it happened
   */
  LoquatException exception(String replica) {
    if (type.equals(HEAP_SHORTAGE)) {
      return new WorkerException("The process of " + replica + " " + message);
    }
    if (reason.isPresent()) {
      return new DeviceUnavailableException(message, reason.get());
    }
    return type.equals(OutOfMemoryException.class.getSimpleName())
        ? new OutOfMemoryException(message, neededBytes, availableBytes)
        : TYPES.getOrDefault(type, BackendException::new).apply(message);
  }
}
