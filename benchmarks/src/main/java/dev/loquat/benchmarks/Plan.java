package dev.loquat.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.memory.MemoryPlan;
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
    fill(loader);
    print(plan.need().predictedPeakBytes(), PeakMemory.bytes());
    return 0;
  }

  /** Prompts of more words than fit are cut, so that every context is full at the end. */
  private void fill(ModelLoader loader) {
    try (Model loaded = loader.load()) {
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

  private static void print(long predicted, long measured) {
    System.out.println(
        new JsonMapper()
            .createObjectNode()
            .put("predictedPeakBytes", predicted)
            .put("measuredPeakBytes", measured)
            .put("ratio", (double) predicted / measured));
  }
}
