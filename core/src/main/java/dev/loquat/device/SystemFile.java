package dev.loquat.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the kernel's text files under {@code /proc} and {@code /sys}. */
final class SystemFile {

  private SystemFile() {}

  /** The first line that a test accepts; empty if none, or no readable file. */
  static Optional<String> line(Path file, Predicate<String> wanted) {
    try (BufferedReader reader = Files.newBufferedReader(file, ISO_8859_1)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (wanted.test(line)) {
          return Optional.of(line);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The number that a file consists of; {@link DeviceInfo#UNKNOWN} if it isn't one. */
  static long number(Path file) {
    return line(file, line -> true).map(SystemFile::parse).orElse(DeviceInfo.UNKNOWN);
  }

  /** The number that follows a key on its line; {@link DeviceInfo#UNKNOWN} if there is none. */
  static long number(Path file, String key) {
    return line(file, line -> line.startsWith(key + " "))
        .map(line -> parse(line.substring(key.length()).strip().split(" ", 2)[0]))
        .orElse(DeviceInfo.UNKNOWN);
  }

  /** The number that a text is; {@link DeviceInfo#UNKNOWN} if it is none. */
  static long parse(String digits) {
    try {
      return Math.max(DeviceInfo.UNKNOWN, Long.parseLong(digits.strip()));
    } catch (NumberFormatException e) {
      return DeviceInfo.UNKNOWN;
    }
  }
}
