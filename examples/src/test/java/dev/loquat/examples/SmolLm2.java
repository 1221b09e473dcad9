package dev.loquat.examples;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real checkpoint, SmolLM2-135M-Instruct, where the build was told its folder. */
final class SmolLm2 {

  private SmolLm2() {}

  /** The folder; skips the test where there is none, and fails it in CI. */
  static Path folder() {
    String folder = System.getProperty("loquat.smollm2", "");
    if (folder.isEmpty() && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("-Dloquat.smollm2 names no checkpoint; CI runs no test without it");
    }
    Assumptions.assumeFalse(
        folder.isEmpty(), "-Dloquat.smollm2 names no folder with SmolLM2-135M-Instruct");
    return Path.of(folder);
  }
}
