package dev.loquat.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Prints how fast a backend loads, prefills and decodes, and what of a decode step Loquat itself
 * takes above it: medians of several rounds.
 */
@Command(
    name = "throughput",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Prints how fast a backend loads, prefills and decodes: medians of several rounds.")
public final class Throughput implements Callable<Integer> {
  private static final int WARM_UP_ROUNDS = 1;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--prompt", description = "tokens of the prompt")
  private int prompt = 256;

  @Option(names = "--new", description = "tokens decoded by each sequence")
  private int newTokens = 64;

  @Option(names = "--batch", description = "sequences decoded side by side")
  private int batch = 1;

  @Option(names = "--rounds", description = "rounds after the warm-up")
  private int rounds = 5;

  /** Creates it with the default options. */
  public Throughput() {}

  @Override
  public Integer call() {
    OneOrMore.require("--prompt", prompt);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--batch", batch);
    OneOrMore.require("--rounds", rounds);
    ObjectNode figures = belowTheEngine();
    double ownShare = OwnShare.measure(model, prompt, newTokens, batch, rounds);
    System.out.println(figures.put("ownShare", ownShare));
    return 0;
  }

  private ObjectNode belowTheEngine() {
    long start = System.nanoTime();
    try (Checkpoint checkpoint = Checkpoint.open(model.folder());
        Backend opened = model.load(checkpoint);
        DecoderSession session = opened.openSession(new CacheLayout(batch, prompt + newTokens))) {
      double loadSeconds = (System.nanoTime() - start) / 1e9;
      return figures(loadSeconds, measure(session, checkpoint.config().vocabularySize()));
    }
  }

  private List<Round> measure(DecoderSession session, int vocabularySize) {
    List<Round> measured = new ArrayList<>();
    for (int i = 0; i < WARM_UP_ROUNDS + rounds; i++) {
      Round round = Round.run(session, vocabularySize, prompt, newTokens);
      if (i >= WARM_UP_ROUNDS) {
        measured.add(round);
      }
    }
    return measured;
  }

  private ObjectNode figures(double loadSeconds, List<Round> measured) {
    double prefill = Median.of(measured, Round::prefillSeconds);
    double decode = Median.of(measured, Round::decodeSeconds);
    return new JsonMapper()
        .createObjectNode()
        .put("loadSeconds", loadSeconds)
        .put("prefillTokensPerSecond", prompt / prefill)
        .put("decodeTokensPerSecond", (double) batch * newTokens / decode)
        .put("firstTokenSeconds", prefill)
        .put("peakRssBytes", PeakMemory.bytes());
  }
}
