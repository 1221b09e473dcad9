package dev.loquat.benchmarks.constrained;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.benchmarks.Median;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.benchmarks.Passages;
import dev.loquat.benchmarks.StepClock;
import dev.loquat.constraint.Constraint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Prints what masks cost of a decode step: medians of several rounds with a constraint and without,
 * in turn.
 */
@Command(
    name = "constrain",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description = "Prints what of a decode step it costs to keep a text to a constraint.")
public final class Constrain implements Callable<Integer> {
  private static final int PROMPT_WORDS = 32;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--batch", description = "texts side by side; default: ${DEFAULT-VALUE}")
  private int batch = 1;

  @Option(names = "--new", description = "new tokens; default: ${DEFAULT-VALUE}")
  private int newTokens = 64;

  @Option(names = "--rounds", description = "rounds after one to warm up")
  private int rounds = 5;

  private final StepClock clock = new StepClock();
  private final List<String> prompts = new ArrayList<>();

  /** Creates it with the default options. */
  public Constrain() {}

  @Override
  public Integer call() {
    OneOrMore.require("--batch", batch);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--rounds", rounds);
    prompts.addAll(Collections.nCopies(batch, Passages.read().words(0, PROMPT_WORDS)));
    try (Model loaded = model.loadTimed(clock, batch)) {
      System.out.println(measure(loaded.generator().maxNewTokens(newTokens).temperature(0.8)));
    }
    return 0;
  }

  private ObjectNode measure(Generator generator) {
    plain(generator).generate(prompts);
    ObjectNode figures = new JsonMapper().createObjectNode();
    figures.put("vocabularySeconds", firstUseSeconds(generator, Constraint.regex("[a-z]*")));
    double most = 0;
    for (Kind kind : Kind.values()) {
      ObjectNode own = figures.putObject(kind.label());
      most = Math.max(most, measure(generator, kind, own));
    }
    return figures.put("maskShare", most);
  }

  private double measure(Generator generator, Kind kind, ObjectNode figures) {
    long start = System.nanoTime();
    Constraint constraint = kind.compile();
    figures.put("compileSeconds", (System.nanoTime() - start) / 1e9);
    figures.put("firstUseSeconds", firstUseSeconds(generator, constraint));
    List<MaskCost> costs = costs(generator, constraint);
    double share = Median.of(costs, MaskCost::share);
    figures
        .put("plainStepSeconds", Median.of(costs, MaskCost::plainStep))
        .put("stepSeconds", Median.of(costs, MaskCost::step))
        .put("stepRatio", Median.of(costs, MaskCost::stepRatio))
        .put("maskShare", share);
    return share;
  }

  /** Every round has a seed of its own, so that texts come to states that have no mask yet. */
  private List<MaskCost> costs(Generator generator, Constraint constraint) {
    List<MaskCost> costs = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      Generator seeded = generator.seed(round);
      costs.add(
          MaskCost.measure(
              clock,
              () -> plain(seeded).generate(prompts),
              () -> seeded.constrain(constraint).generate(prompts)));
    }
    return costs.subList(1, costs.size());
  }

  private Generator plain(Generator generator) {
    return generator.minNewTokens(newTokens);
  }

  /** How much longer the first token takes to come than when the constraint was used before. */
  private double firstUseSeconds(Generator generator, Constraint constraint) {
    Generator one = generator.maxNewTokens(1).constrain(constraint);
    double first = firstTokenSeconds(one);
    return first - firstTokenSeconds(one);
  }

  private double firstTokenSeconds(Generator generator) {
    long start = System.nanoTime();
    generator.generate(prompts.get(0));
    return (System.nanoTime() - start) / 1e9;
  }
}
