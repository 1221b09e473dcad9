package dev.loquat.internal.worker;

import dev.loquat.device.ByteFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells of a Java heap that is too small, from within the process whose heap it is. */
final class HeapShortage {
  private HeapShortage() {}

  /** What to tell, as the end of a sentence about the process, if that is what the failure is. */
  static Optional<String> in(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(HeapShortage::isHeap)
        .findFirst()
        .map(HeapShortage::text);
  }

  /** There are others, such as of threads, which no larger heap helps. */
  private static boolean isHeap(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof OutOfMemoryError
        && (message.startsWith("Java heap space") || message.startsWith("GC overhead"));
  }

  private static String text(Throwable error) {
    return "has too small a Java heap: "
        + error.getMessage()
        + ". It may take "
        + ByteFormat.text(Runtime.getRuntime().maxMemory())
        + "; give the replicas more, such as jvmOptions(\"-Xmx2g\").";
  }
}
