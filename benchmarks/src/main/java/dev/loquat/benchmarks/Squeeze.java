package dev.loquat.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.generation.GenerationResult;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.OutOfMemoryReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Runs a model with less memory than it needs, and prints what was done about it and whether the
 * text is that of a run with enough.
 */
@Command(
    name = "squeeze",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Runs a model with a part of the memory that it needs. Ends with 1 if the text is another.")
public final class Squeeze implements Callable<Integer> {
  private static final OutOfMemoryPolicy LADDER =
      OutOfMemoryPolicy.tryInOrder(
          OutOfMemoryRung.FREE_CACHES,
          OutOfMemoryRung.SMALLER_BATCH,
          OutOfMemoryRung.HALF_PRECISION,
          OutOfMemoryRung.QUANTIZE,
          OutOfMemoryRung.OTHER_DEVICE);

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--limit-fraction", description = "the memory there is, of what is needed")
  private double limitFraction = 0.7;

  @Option(names = "--batch", description = "generations side by side; default: ${DEFAULT-VALUE}")
  private int batch = 8;

  @Option(names = "--context", description = "tokens of each; default: ${DEFAULT-VALUE}")
  private int context = 2048;

  @Option(names = "--new", description = "new tokens of each; default: ${DEFAULT-VALUE}")
  private int newTokens = 64;

  @Option(names = "--no-ladder", description = "fail at once where memory does not suffice")
  private boolean withoutLadder;

  /** Creates it with the default options. */
  public Squeeze() {}

  @Override
  public Integer call() {
    ModelLoader loader = model.loader().batch(batch).contextLength(context);
    long limit = (long) (limitFraction * loader.plan().need().neededBytes());
    List<OutOfMemoryReport> reports = new ArrayList<>();
    ModelLoader squeezed = loader.memoryLimit(limit).onEvents(noting(reports));
    List<String> plentiful = texts(loader);
    List<String> scarce = texts(withoutLadder ? squeezed : squeezed.onOutOfMemory(LADDER));
    System.out.println(figures(limit, reports, plentiful.equals(scarce)));
    return plentiful.equals(scarce) ? 0 : 1;
  }

  private static EngineListener noting(List<OutOfMemoryReport> reports) {
    return new EngineListener() {
      @Override
      public void onOutOfMemory(OutOfMemoryReport report) {
        reports.add(report);
      }
    };
  }

  private List<String> texts(ModelLoader loader) {
    List<String> prompts =
        IntStream.range(0, batch).mapToObj(i -> "The story of number " + i + " begins").toList();
    try (Model loaded = loader.load()) {
      return loaded.generator().temperature(0).maxNewTokens(newTokens).generate(prompts).stream()
          .map(GenerationResult::text)
          .toList();
    }
  }

  private static ObjectNode figures(long limit, List<OutOfMemoryReport> reports, boolean sameText) {
    ObjectNode figures = new JsonMapper().createObjectNode().put("limitBytes", limit);
    ArrayNode rungs = figures.putArray("rungs");
    reports.forEach(report -> rungs.add(report.rung() + ": " + report.change()));
    return figures.put("sameText", sameText);
  }
}
