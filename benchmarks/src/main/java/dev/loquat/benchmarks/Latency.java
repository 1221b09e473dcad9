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

  @Option(names = "--prompt", description = "words of each prompt; default: ${DEFAULT-VALUE}")
  private int prompt = 128;

  @Option(names = "--new", description = "new tokens of each; default: ${DEFAULT-VALUE}")
  private int newTokens = 64;

  @Option(names = "--batch", description = "generations side by side; default: ${DEFAULT-VALUE}")
  private int batch = 1;

  @Option(names = "--rounds", description = "rounds after the warm-up; default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(names = "--table", description = "print the table on standard error, too")
  private boolean table;

  /** Creates it with the default options. */
  public Latency() {}

  @Override
  public Integer call() {
    OneOrMore.require("--prompt", prompt);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--batch", batch);
    OneOrMore.require("--rounds", rounds);
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
    Model measured = model.loader().batch(batch).prefixCache(0).load();
    try (measured) {
      Generator generator = measured.generator().temperature(0).maxNewTokens(newTokens);
      generate(generator, passages, 0);
      measured.resetLatency();
      for (int round = 1; round <= rounds; round++) {
        generate(generator, passages, round);
      }
    }
    return measured.latency();
  }

  private void generate(Generator generator, Passages passages, int round) {
    List<String> prompts =
        IntStream.range(0, batch)
            .map(caller -> (round * batch + caller) * PROMPTS_APART)
            .mapToObj(first -> passages.words(first, prompt))
            .toList();
    List<?> unused = generator.generate(prompts);
  }
}
