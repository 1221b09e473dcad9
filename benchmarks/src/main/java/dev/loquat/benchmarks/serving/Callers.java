package dev.loquat.benchmarks.serving;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.benchmarks.Median;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.benchmarks.Passages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Prints what a model does for several callers at once against a single one: medians of several
 * rounds of both, in turn.
 */
@Command(
    name = "callers",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description = "Prints the tokens/s of a single caller and of several at once.")
public final class Callers implements Callable<Integer> {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--callers", description = "callers at once; default: ${DEFAULT-VALUE}")
  private int callers = 8;

  @Option(names = "--prompt", description = "words of a prompt; default: ${DEFAULT-VALUE}")
  private int prompt = 32;

  @Option(names = "--new", description = "new tokens of a call; default: ${DEFAULT-VALUE}")
  private int newTokens = 64;

  @Option(names = "--calls", description = "calls of a caller; default: ${DEFAULT-VALUE}")
  private int calls = 2;

  @Option(names = "--rounds", description = "rounds after one to warm up")
  private int rounds = 5;

  /** Creates it with the default options. */
  public Callers() {}

  @Override
  public Integer call() throws InterruptedException {
    OneOrMore.require("--callers", callers);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--calls", calls);
    OneOrMore.require("--rounds", rounds);
    try (Model loaded = model.loader().batch(callers).prefixCache(0).load()) {
      System.out.println(measure(loaded));
    }
    return 0;
  }

  private ObjectNode measure(Model loaded) throws InterruptedException {
    SteadyCallers steady = new SteadyCallers(generator(loaded), prompts(), calls);
    steady.tokensPerSecond(callers);
    List<Double> single = new ArrayList<>();
    List<Double> together = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      single.add(steady.tokensPerSecond(1));
      together.add(steady.tokensPerSecond(callers));
      ratios.add(together.get(round) / single.get(round));
    }
    return new JsonMapper()
        .createObjectNode()
        .put("callers", callers)
        .put("singleTokensPerSecond", Median.of(single))
        .put("togetherTokensPerSecond", Median.of(together))
        .put("ratio", Median.of(ratios));
  }

  /** Texts of the same length, so that the load stays the same to the end. */
  private Generator generator(Model loaded) {
    return loaded.generator().temperature(0).minNewTokens(newTokens).maxNewTokens(newTokens);
  }

  private List<String> prompts() {
    Passages passages = Passages.read();
    List<String> prompts = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      prompts.add(passages.words(caller * prompt, prompt));
    }
    return prompts;
  }
}
