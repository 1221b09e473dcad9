package dev.loquat.backend.djl;

import dev.loquat.error.BackendException;
import dev.loquat.error.OutOfMemoryException;
import java.util.Locale;

/** Turns what PyTorch throws into what callers can read. */
final class TorchFailure {

  private TorchFailure() {}

  static BackendException during(String step, RuntimeException failure) {
    String detail = firstSentence(failure);
    if (isOutOfMemory(failure)) {
      return new OutOfMemoryException(
          "The device is out of memory in '"
              + step
              + "': "
              + detail
              + ". Use a smaller model, fewer sequences, a shorter context or FP16.",
          failure);
    }
    return new BackendException("PyTorch failed in '" + step + "': " + detail, failure);
  }

  /**
   * What went wrong, without PyTorch's traces: the last line that starts with an error's name, else
   * the first line.
   */
  static String firstSentence(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String text =
        message
            .lines()
            .map(String::strip)
            .filter(line -> line.matches("\\w*Error: .*"))
            .reduce((first, second) -> second)
            .orElseGet(
                () -> message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message));
    return text.strip().replaceFirst("^\\w*Error: ", "").split("\\. |\\.$", 2)[0];
  }

  private static boolean isOutOfMemory(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("out of memory")
        || message.contains("not enough memory")
        || message.contains("can't allocate memory");
  }
}
