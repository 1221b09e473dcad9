package dev.loquat.benchmarks;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.observation.LatencyReport;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets callers generate side by side and prints the model's own report of latency. */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Prints times to the first token, between tokens and of steps, the device's part apart.")
public final class Latency implements Callable<Integer> {
  private static final int PROMPTS_APART = 31;

  @Mixin private ModelOptions model = new ModelOptions();

  @Mixin private RoundOptions each = new RoundOptions();

  @Option(names = "--prompt", description = "words of each prompt; default: ${DEFAULT-VALUE}")
  private int prompt = 128;

  @Option(names = "--table", description = "print the table on standard error, too")
  private boolean table;

  /** Creates it with the default options. */
  public Latency() {}

  @Override
  public Integer call() {
    OneOrMore.require("--prompt", prompt);
    each.require();
    LatencyReport report = measure();
    if (table) {
      System.err.println(report.table());
    }
    System.out.println(report.json());
    return 0;
  }

  /** Closes the model before it asks, so that the last step has been told. */
  private LatencyReport measure() {
    Passages passages = Passages.read();
    Model measured = model.loader().batch(each.batch()).prefixCache(0).load();
    try (measured) {
      Generator generator = measured.generator().temperature(0).maxNewTokens(each.newTokens());
      generate(generator, passages, 0);
      measured.resetLatency();
      for (int round = 1; round <= each.rounds(); round++) {
        generate(generator, passages, round);
      }
    }
    return measured.latency();
  }

  private void generate(Generator generator, Passages passages, int round) {
    List<String> prompts =
        IntStream.range(0, each.batch())
            .map(caller -> (round * each.batch() + caller) * PROMPTS_APART)
            .mapToObj(first -> passages.words(first, prompt))
            .toList();
    List<?> unused = generator.generate(prompts);
  }
}
