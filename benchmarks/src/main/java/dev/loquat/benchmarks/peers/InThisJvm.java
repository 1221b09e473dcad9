package dev.loquat.benchmarks.peers;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.Round;
import dev.loquat.checkpoint.Checkpoint;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Loquat, below the engine as the peers' benchmarks are: one sequence's prefill, and decode steps
 * whose logits are read.
 *
 * @param model the model and its backend
 * @param readBytes bytes that a decode step reads
 */
record InThisJvm(ModelOptions model, long readBytes) implements Contestant {
  private static final int WARM_UP_TOKENS = 8;

  @Override
  public String name() {
    return "Loquat";
  }

  @Override
  public String weights() {
    return model.precision().name();
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public Map<Measure, Double> run(Workload work) {
    try (Checkpoint checkpoint = Checkpoint.open(model.folder());
        Backend backend = model.load(checkpoint)) {
      return run(backend, checkpoint.config().vocabularySize(), work);
    }
  }

  private static Map<Measure, Double> run(Backend backend, int vocabulary, Workload work) {
    Map<Measure, Double> speeds = new EnumMap<>(Measure.class);
    Round alone = round(backend, vocabulary, 1, work.prompt(), work.newTokens());
    speeds.put(Measure.PREFILL, work.prompt() / alone.prefillSeconds());
    speeds.put(Measure.DECODE, work.newTokens() / alone.decodeSeconds());
    Round far = round(backend, vocabulary, 1, work.context(), work.newTokens());
    speeds.put(Measure.DECODE_FAR, work.newTokens() / far.decodeSeconds());
    Round together = round(backend, vocabulary, work.batch(), work.batchPrompt(), work.newTokens());
    speeds.put(Measure.DECODE_TOGETHER, work.batch() * work.newTokens() / together.decodeSeconds());
    return speeds;
  }

  private static Round round(
      Backend backend, int vocabulary, int slots, int prompt, int newTokens) {
    try (DecoderSession session = backend.openSession(new CacheLayout(slots, prompt + newTokens))) {
      Round.run(session, vocabulary, prompt, WARM_UP_TOKENS);
      return Round.run(session, vocabulary, prompt, newTokens);
    }
  }
}
