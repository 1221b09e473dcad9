package dev.loquat.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another program, run to its end. */
final class Program {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int LAST_CHARS = 600;

  private Program() {}

  /**
   * What a program prints on standard output.
   *
   * @param command the program and its arguments
   * @throws PeerException if it can't be started, fails, or does not end in ten minutes
   */
  static String output(List<String> command) {
    try {
      Path out = Files.createTempFile("peer", ".out");
      Path err = Files.createTempFile("peer", ".err");
      try {
        return output(command, out, err);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String output(List<String> command, Path out, Path err) throws IOException {
    int code = await(start(command, out, err), command);
    if (code != 0) {
      throw new PeerException(
          command.get(0) + " ended with " + code + ": " + end(Files.readString(err)));
    }
    return Files.readString(out);
  }

  private static Process start(List<String> command, Path out, Path err) {
    try {
      return new ProcessBuilder(command)
          .redirectOutput(out.toFile())
          .redirectError(err.toFile())
          .start();
    } catch (IOException e) {
      throw new PeerException(command.get(0) + " can't be started: " + e.getMessage(), e);
    }
  }

  private static int await(Process process, List<String> command) {
    try {
      if (process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new PeerException(command.get(0) + " did not end in " + LIMIT.toMinutes() + " minutes");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerException("interrupted while " + command.get(0) + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String end(String text) {
    String stripped = text.strip();
    return stripped.substring(Math.max(0, stripped.length() - LAST_CHARS));
  }
}
