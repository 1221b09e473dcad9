package dev.loquat.benchmarks.split;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.benchmarks.Median;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.benchmarks.Passages;
import dev.loquat.device.DeviceMap;
import dev.loquat.memory.StageNeed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Runs a model split over devices and the same model whole, in turns, and prints whether they give
 * the same tokens, and how fast the one is against the other.
 */
@Command(
    name = "split",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Compares a model split over devices with the whole. Ends with 1 if tokens differ.")
public final class Split implements Callable<Integer> {
  private static final int WARM_UP_ROUNDS = 1;

  @Mixin private ModelOptions model = new ModelOptions();

  @Mixin private MapOptions map = new MapOptions();

  @Option(names = "--batch", description = "generations side by side; default: ${DEFAULT-VALUE}")
  private int batch = 8;

  @Option(names = "--prompt", description = "words of each prompt; default: ${DEFAULT-VALUE}")
  private int prompt = 96;

  @Option(names = "--new", description = "new tokens of each; default: ${DEFAULT-VALUE}")
  private int newTokens = 32;

  @Option(names = "--rounds", description = "rounds after the warm-up; default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(names = "--table", description = "print the plan on standard error, too")
  private boolean table;

  /** Creates it with the default options. */
  public Split() {}

  @Override
  public Integer call() {
    OneOrMore.require("--batch", batch);
    OneOrMore.require("--prompt", prompt);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--rounds", rounds);
    ModelLoader loader = model.loader().batch(batch).contextLength(context()).prefixCache(0);
    DeviceMap devices = map.map();
    if (table) {
      System.err.println(loader.onDevices(devices).plan());
    }
    try (Model whole = loader.load();
        Model split = loader.onDevices(devices).load()) {
      List<SplitRound> measured = measure(whole, split);
      boolean same = measured.stream().allMatch(SplitRound::sameTokens);
      System.out.println(figures(split.info().stages(), measured, same));
      return same ? 0 : 1;
    }
  }

  /** A word is seldom more than two tokens. */
  private int context() {
    return 2 * prompt + newTokens;
  }

  private List<SplitRound> measure(Model whole, Model split) {
    Passages passages = Passages.read();
    List<String> prompts =
        IntStream.range(0, batch).mapToObj(i -> passages.words(i * 31, prompt)).toList();
    List<SplitRound> measured = new ArrayList<>();
    for (int i = 0; i < WARM_UP_ROUNDS + rounds; i++) {
      SplitRound round = SplitRound.run(whole, split, prompts, newTokens, i % 2 == 0);
      if (i >= WARM_UP_ROUNDS) {
        measured.add(round);
      }
    }
    return measured;
  }

  private ObjectNode figures(List<StageNeed> stages, List<SplitRound> measured, boolean same) {
    ObjectNode figures = new JsonMapper().createObjectNode();
    ArrayNode placed = figures.putArray("stages");
    stages.forEach(stage -> placed.add(stage.device() + ": layers " + stage.layers()));
    return figures
        .put("sameTokens", same)
        .put("throughputRatio", Median.of(measured, SplitRound::ratio))
        .put("prefillRatio", Median.of(measured, SplitRound::prefillRatio))
        .put("decodeRatio", Median.of(measured, SplitRound::decodeRatio))
        .put("tokensPerSecond", Median.of(measured, round -> tokens() / round.split().seconds()));
  }

  private double tokens() {
    return (double) batch * newTokens;
  }
}
