package dev.loquat.examples;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;

/** What a model expects after a text, computed in one step of one row, without the engine. */
record NextToken(Path checkpoint, String backend) {

  /** The lead of the likeliest token over the next, as a logit, after a prompt and more tokens. */
  double lead(String prompt, List<Integer> more) {
    float[] logits = logits(prompt, more);
    Arrays.sort(logits);
    return (double) logits[logits.length - 1] - logits[logits.length - 2];
  }

  private float[] logits(String prompt, List<Integer> more) {
    int[] tokens = tokens(prompt, more);
    try (Checkpoint opened = Checkpoint.open(checkpoint);
        Backend loaded = provider().open(opened, options());
        DecoderSession session = loaded.openSession(new CacheLayout(1, tokens.length))) {
      Logits logits = session.forward(new ForwardBatch(List.of(new ForwardRow(0, 0, tokens, 1))));
      float[] row = new float[logits.vocabularySize()];
      logits.read(0, row);
      return row;
    }
  }

  private int[] tokens(String prompt, List<Integer> more) {
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint)) {
      return IntStream.concat(
              Arrays.stream(tokenizer.encode(prompt, true)),
              more.stream().mapToInt(Integer::intValue))
          .toArray();
    }
  }

  private BackendProvider provider() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals(backend))
        .findFirst()
        .orElseThrow();
  }

  private static BackendOptions options() {
    return new BackendOptions(Device.cpu(), Precision.FP32, BackendOptions.AUTO_THREADS);
  }
}
