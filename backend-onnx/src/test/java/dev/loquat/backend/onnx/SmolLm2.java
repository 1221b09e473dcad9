package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real checkpoint, SmolLM2-135M-Instruct, where the build was told its folder. */
final class SmolLm2 {
  private static final String PROPERTY = "loquat.smollm2";

  private SmolLm2() {}

  /** The folder; skips the test where there is none, and fails it in CI. */
  static Path folder() {
    String folder = System.getProperty(PROPERTY, "");
    boolean present = !folder.isEmpty() && Files.isDirectory(Path.of(folder));
    String message = "No SmolLM2 checkpoint; give its folder with -D" + PROPERTY + "=FOLDER";
    if (!present && "true".equals(System.getenv("CI"))) {
      fail(message);
    }
    assumeTrue(present, message);
    return Path.of(folder);
  }
}
