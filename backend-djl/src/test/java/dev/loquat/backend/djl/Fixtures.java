package dev.loquat.backend.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.stream.StreamSupport;

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

  static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
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

  static int[] ids(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
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

  static double logSumExp(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }

  static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
