package dev.loquat.quantization;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Where converted weights are kept, so that the next start need not convert them again. */
public sealed interface ConversionCache {
  /** The most bytes of a folder where nothing else is said: 16 GiB. */
  long DEFAULT_MAX_BYTES = 16L << 30;

  /**
   * No cache: weights are converted at every start, into memory.
   *
   * @return the choice
   */
  static ConversionCache off() {
    return new Off();
  }

  /**
   * A folder of at most {@link #DEFAULT_MAX_BYTES}.
   *
   * @param folder made when it is first needed
   * @return the choice
   */
  static ConversionCache in(Path folder) {
    return new Folder(folder, DEFAULT_MAX_BYTES);
  }

  /**
   * The user's cache: {@code loquat/converted} in {@code XDG_CACHE_HOME}, by default {@code
   * ~/.cache}.
   *
   * @param variables environment variables by name, {@link System#getenv()} as a rule
   * @return the choice
   */
  static ConversionCache fromEnvironment(Map<String, String> variables) {
    String home = variables.getOrDefault("HOME", System.getProperty("user.home"));
    String caches = variables.getOrDefault("XDG_CACHE_HOME", "");
    Path folder = caches.isBlank() ? Path.of(home, ".cache") : Path.of(caches);
    return in(folder.resolve("loquat").resolve("converted"));
  }

  /** No cache. */
  record Off() implements ConversionCache {}

  /**
   * A folder that belongs to the cache.
   *
   * @param folder made when it is first needed
   * @param maxBytes the most bytes of all its files; what was used least recently goes first
   */
  record Folder(Path folder, long maxBytes) implements ConversionCache {

    /** Checks the number of bytes. */
    public Folder {
      Objects.requireNonNull(folder, "folder");
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes is " + maxBytes + "; expected 1 or more");
      }
    }
  }
}
