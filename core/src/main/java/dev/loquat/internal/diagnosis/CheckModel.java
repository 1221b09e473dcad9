package dev.loquat.internal.diagnosis;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A small Llama with random weights, a few steps of it, and the logits that transformers computes
 * for them on a CPU in double precision.
 */
final class CheckModel {
  static final int VOCABULARY = 128;
  static final int HIDDEN = 64;
  static final int LAYERS = 2;
  static final int HEADS = 4;
  static final int KV_HEADS = 2;
  static final int HEAD_DIM = 16;
  static final int MLP = 96;
  static final int CONTEXT = 32;

  static final List<String> FILES = List.of("config.json", "tokenizer.json", "model.safetensors");

  static final CacheLayout LAYOUT = new CacheLayout(2, CONTEXT);

  /** Two prompts in one step, then a token for each; one row of logits for each in both steps. */
  private static final List<ForwardBatch> STEPS =
      List.of(
          new ForwardBatch(
              List.of(
                  new ForwardRow(0, 0, new int[] {1, 5, 9, 2, 77}, 1),
                  new ForwardRow(1, 0, new int[] {3, 4, 120}, 1))),
          new ForwardBatch(
              List.of(
                  new ForwardRow(0, 5, new int[] {11}, 1),
                  new ForwardRow(1, 3, new int[] {6}, 1))));

  private static final String EXPECTED = "check-logits.txt";

  private CheckModel() {}

  /** Writes the checkpoint into an existing folder. */
  static void write(Path folder) throws IOException {
    String config =
        """
        {"model_type": "llama", "hidden_act": "silu", "hidden_size": %d, "intermediate_size": %d,
         "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
         "head_dim": %d, "vocab_size": %d, "max_position_embeddings": %d, "rms_norm_eps": 1e-5,
         "rope_theta": 10000.0, "tie_word_embeddings": true, "attention_bias": false,
         "mlp_bias": false, "bos_token_id": 0, "eos_token_id": 1}
        """
            .formatted(HIDDEN, MLP, LAYERS, HEADS, KV_HEADS, HEAD_DIM, VOCABULARY, CONTEXT);
    Files.writeString(folder.resolve(FILES.get(0)), config);
    Files.writeString(folder.resolve(FILES.get(1)), "{}");
    Files.write(folder.resolve(FILES.get(2)), CheckWeights.file());
  }

  /**
   * Runs the steps and compares.
   *
   * @return the greatest difference of a logit from what it should be; infinite if one is no number
   */
  static double maxDifference(DecoderSession session) {
    List<float[]> expected = expected();
    double greatest = 0;
    int next = 0;
    for (ForwardBatch step : STEPS) {
      Logits logits = session.forward(step);
      for (int row = 0; row < logits.rows(); row++) {
        greatest = Math.max(greatest, difference(logits, row, expected.get(next++)));
      }
    }
    return greatest;
  }

  private static double difference(Logits logits, int row, float[] expected) {
    float[] computed = new float[logits.vocabularySize()];
    logits.read(row, computed);
    double greatest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) computed[i] - expected[i]);
      greatest =
          Math.max(greatest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return greatest;
  }

  /** A line for each row, in the order of the steps. */
  private static List<float[]> expected() {
    try (InputStream file =
            Objects.requireNonNull(CheckModel.class.getResourceAsStream(EXPECTED), EXPECTED);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))) {
      return lines.lines().map(CheckModel::numbers).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] numbers(String line) {
    double[] numbers =
        Arrays.stream(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    float[] row = new float[numbers.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) numbers[i];
    }
    return row;
  }
}
