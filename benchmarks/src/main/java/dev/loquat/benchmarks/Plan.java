package dev.loquat.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.MemoryProbe;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Prints what a model is expected to take of memory beside what it takes: the most that this
 * process held when every slot's context was full.
 */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description = "Prints the memory that a plan predicts and the memory that a full batch takes.")
public final class Plan implements Callable<Integer> {
  private static final int NEW_TOKENS = 8;
  private static final int LONGEST_WORD = 8;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--batch", description = "generations side by side; default: ${DEFAULT-VALUE}")
  private int batch = 4;

  @Option(names = "--context", description = "tokens of each; default: ${DEFAULT-VALUE}")
  private int context = 1024;

  @Option(names = "--table", description = "print the plan on standard error, too")
  private boolean table;

  /** Creates it with the default options. */
  public Plan() {}

  @Override
  public Integer call() {
    ModelLoader loader = model.loader().batch(batch).contextLength(context).prefixCache(0);
    MemoryPlan plan = loader.plan();
    if (table) {
      System.err.println(plan);
    }
    ObjectNode figures = new JsonMapper().createObjectNode();
    fill(loader, figures);
    System.out.println(figures(figures, plan.need().predictedPeakBytes(), PeakMemory.bytes()));
    return 0;
  }

  /** Prompts of more words than fit are cut, so that every context is full at the end. */
  private void fill(ModelLoader loader, ObjectNode figures) {
    Duration before = cpuTime();
    try (Model loaded = loader.load()) {
      figures.put("loadCpuSeconds", cpuTime().minus(before).toMillis() / 1e3);
      loading(figures, loaded);
      loaded
          .generator()
          .maxNewTokens(NEW_TOKENS)
          .onPromptOverflow(PromptOverflow.KEEP_END)
          .generate(IntStream.range(0, batch).mapToObj(this::prompt).toList());
    }
  }

  /** Words of random letters, whose tokens lie all over the embedding. */
  private String prompt(int seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < context; word++) {
      text.append(' ');
      random.ints(1 + random.nextInt(LONGEST_WORD), 'a', 'z' + 1).forEach(text::appendCodePoint);
    }
    return text.toString();
  }

  private static ObjectNode figures(ObjectNode figures, long predicted, long measured) {
    return figures
        .put("predictedPeakBytes", predicted)
        .put("measuredPeakBytes", measured)
        .put("ratio", (double) predicted / measured);
  }

  private static Duration cpuTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** What loading took, as what came to the process with it. */
  private static void loading(ObjectNode figures, Model loaded) {
    MemoryProbe memory = loaded.memory();
    long before = memory.at(MemoryPhase.BEFORE_LOAD).orElseThrow().processBytes();
    figures
        .put("precision", loaded.info().precision().toString())
        .put("loadSeconds", loaded.info().load().toMillis() / 1e3)
        .put("loadedBytes", memory.at(MemoryPhase.AFTER_LOAD).orElseThrow().processBytes() - before)
        .put(
            "loadingPeakBytes",
            memory.peak(MemoryPhase.AFTER_LOAD).orElseThrow().processBytes() - before);
    loaded
        .info()
        .conversion()
        .ifPresent(report -> figures.put("conversion", report.origin().toString()));
  }
}
