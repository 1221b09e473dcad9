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

  @Mixin private RoundOptions each = new RoundOptions();

  @Option(names = "--prompt", description = "tokens of the prompt; default: ${DEFAULT-VALUE}")
  private int prompt = 256;

  /** Creates it with the default options. */
  public Throughput() {}

  @Override
  public Integer call() {
    OneOrMore.require("--prompt", prompt);
    each.require();
    ObjectNode figures = belowTheEngine();
    double ownShare =
        OwnShare.measure(model, prompt, each.newTokens(), each.batch(), each.rounds());
    System.out.println(figures.put("ownShare", ownShare));
    return 0;
  }

  private ObjectNode belowTheEngine() {
    long start = System.nanoTime();
    try (Checkpoint checkpoint = Checkpoint.open(model.folder());
        Backend opened = model.load(checkpoint);
        DecoderSession session =
            opened.openSession(new CacheLayout(each.batch(), prompt + each.newTokens()))) {
      double loadSeconds = (System.nanoTime() - start) / 1e9;
      return figures(loadSeconds, measure(session, checkpoint.config().vocabularySize()));
    }
  }

  private List<Round> measure(DecoderSession session, int vocabularySize) {
    List<Round> measured = new ArrayList<>();
    for (int i = 0; i < WARM_UP_ROUNDS + each.rounds(); i++) {
      Round round = Round.run(session, vocabularySize, prompt, each.newTokens());
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
        .put("decodeTokensPerSecond", (double) each.batch() * each.newTokens() / decode)
        .put("firstTokenSeconds", prefill)
        .put("peakRssBytes", PeakMemory.bytes());
  }
}
