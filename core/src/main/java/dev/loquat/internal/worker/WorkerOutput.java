package dev.loquat.internal.worker;

import dev.loquat.internal.engine.Interruptions;
import java.io.IOException;
import java.io.Reader;
import java.lang.System.Logger;
import java.time.Duration;

/**
 * What a worker's process prints: goes to the log of this one, and its end is kept for messages,
 * since a JVM that can't start or crashes says why there and nowhere else.
 *
 * <p>Safe for use by several threads. A thread of its own reads until the process has ended.
 */
final class WorkerOutput {
  /** The most characters that are kept. */
  static final int KEPT = 2_000;

  private static final Logger LOGGER = System.getLogger(WorkerOutput.class.getName());
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private volatile String name;
  private final Reader output;
  private final StringBuilder end = new StringBuilder();
  private final Thread reader;

  /**
   * Begins to read.
   *
   * @param name what the log calls the process
   * @param output what it prints; closed at its end
   */
  WorkerOutput(String name, Reader output) {
    this.name = name;
    this.output = output;
    reader = new Thread(this::read, threadName(name));
    reader.setDaemon(true);
    reader.start();
  }

  /** Calls the process something else from now on. */
  void rename(String next) {
    name = next;
    reader.setName(threadName(next));
  }

  private static String threadName(String name) {
    return name + "-output";
  }

  private void read() {
    char[] piece = new char[KEPT];
    try (output) {
      for (int length = output.read(piece); length >= 0; length = output.read(piece)) {
        take(new String(piece, 0, length));
      }
    } catch (IOException e) {
      take("[" + e + "]");
    }
  }

  private void take(String text) {
    synchronized (end) {
      end.append(text);
      end.delete(0, Math.max(0, end.length() - KEPT));
    }
    if (!text.isBlank()) {
      LOGGER.log(Logger.Level.INFO, () -> name + ": " + text.strip());
    }
  }

  /**
   * The last that it printed, as the end of a message; for a process that has ended, which is
   * waited for no longer than a second.
   */
  String lastWords() {
    boolean unused = Interruptions.join(reader, LAST_WORDS);
    synchronized (end) {
      String text = end.toString().strip();
      return text.isEmpty() ? "" : " It printed last: " + text;
    }
  }
}
