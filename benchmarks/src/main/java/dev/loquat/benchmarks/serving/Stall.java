package dev.loquat.benchmarks.serving;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.benchmarks.Median;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.benchmarks.Passages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints how long a short prompt and running texts wait for a long prompt that is prefilled. */
@Command(
    name = "stall",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description = "Prints how long others wait, in steps, while a long prompt is prefilled.")
public final class Stall implements Callable<Integer> {
  private static final int ENDLESS = 100_000;
  private static final int PROMPT_WORDS = 16;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--long", description = "words of the long prompt; default: ${DEFAULT-VALUE}")
  private int longWords = 1550;

  @Option(names = "--running", description = "texts that run; default: ${DEFAULT-VALUE}")
  private int running = 2;

  @Option(
      names = "--step-tokens",
      description = "prompt tokens in a step; default: ${DEFAULT-VALUE}")
  private int stepTokens = ModelLoader.DEFAULT_STEP_TOKENS;

  @Option(names = "--rounds", description = "rounds after one to warm up")
  private int rounds = 5;

  /** Creates it with the default options. */
  public Stall() {}

  @Override
  public Integer call() throws InterruptedException {
    OneOrMore.require("--running", running);
    OneOrMore.require("--rounds", rounds);
    StepLog log = new StepLog(stepTokens);
    ModelLoader loader = model.loader().batch(running + 2).prefixCache(0).stepTokens(stepTokens);
    try (Model loaded = loader.onEvents(log).load()) {
      round(loaded, log);
      List<StallRound> measured = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        measured.add(round(loaded, log));
      }
      System.out.println(figures(measured));
    }
    return 0;
  }

  private StallRound round(Model loaded, StepLog log) throws InterruptedException {
    Passages passages = Passages.read();
    Generator generator = loaded.generator().temperature(0);
    List<RunningStream> texts = new ArrayList<>();
    try {
      for (int i = 0; i < running; i++) {
        String prompt = passages.words(i * PROMPT_WORDS, PROMPT_WORDS);
        texts.add(new RunningStream(endless(generator).stream(prompt)));
      }
      String shortPrompt = passages.words(running * PROMPT_WORDS, PROMPT_WORDS);
      String longPrompt = passages.words(0, longWords);
      return StallRound.run(texts, generator.maxNewTokens(1), log, longPrompt, shortPrompt);
    } finally {
      texts.forEach(RunningStream::close);
    }
  }

  private static Generator endless(Generator generator) {
    return generator.maxNewTokens(ENDLESS).minNewTokens(ENDLESS);
  }

  private static ObjectNode figures(List<StallRound> measured) {
    double step = Median.of(measured, StallRound::stepSeconds);
    double quiet = Median.of(all(measured, StallRound::quietGaps));
    double worst = NearestRank.of(all(measured, StallRound::gaps), 99);
    return new JsonMapper()
        .createObjectNode()
        .put("longPromptTokens", measured.get(0).longPromptTokens())
        .put("stepSeconds", step)
        .put("firstTokenSeconds", Median.of(measured, StallRound::firstTokenSeconds))
        .put("firstTokenSteps", Median.of(measured, StallRound::firstTokenSteps))
        .put("quietInterTokenSeconds", quiet)
        .put("interTokenP99Steps", worst / step)
        .put("slowdown", worst / quiet);
  }

  private static List<Double> all(
      List<StallRound> measured, Function<StallRound, List<Double>> gaps) {
    return measured.stream().flatMap(round -> gaps.apply(round).stream()).toList();
  }
}
