package dev.loquat.backend.djl;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.testkit.TransformersModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Models with reference numbers of transformers, and steps over them. */
final class Fixtures {
  private Fixtures() {}

  /** The checkpoint's folder, written anew. */
  static Path folder(TransformersModel model) {
    try {
      return model.writeTo(Files.createDirectories(Path.of("target/models", model.name())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Backend open(Path folder, Precision precision) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return open(checkpoint, precision);
    }
  }

  static Backend open(Checkpoint checkpoint, Precision precision) {
    return new DjlBackendProvider()
        .open(checkpoint, new BackendOptions(Device.cpu(), precision, BackendOptions.AUTO_THREADS));
  }

  static ForwardRow row(int slot, int position, int... tokens) {
    return new ForwardRow(slot, position, tokens, tokens.length);
  }

  static float[][] forward(DecoderSession session, ForwardRow... rows) {
    Logits logits = session.forward(new ForwardBatch(List.of(rows)));
    float[][] read = new float[logits.rows()][logits.vocabularySize()];
    for (int i = 0; i < read.length; i++) {
      logits.read(i, read[i]);
    }
    return read;
  }
}
