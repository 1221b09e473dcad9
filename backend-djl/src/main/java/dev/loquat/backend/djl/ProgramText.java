package dev.loquat.backend.djl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The TorchScript texts among this package's resources. */
final class ProgramText {

  private ProgramText() {}

  static String read(String name) {
    String file = name + ".torchscript";
    try (InputStream in = ProgramText.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(
            file + " is missing from the jar of loquat-backend-djl; take the published jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
