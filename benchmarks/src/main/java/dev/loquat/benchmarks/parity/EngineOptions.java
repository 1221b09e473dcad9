package dev.loquat.benchmarks.parity;

import dev.loquat.Generator;
import dev.loquat.ModelLoader;
import picocli.CommandLine.Option;

/** The options that say how the engine runs the cases, all of which it is given at once. */
final class EngineOptions {
  private static final int AUTO_BATCH = 0;

  @Option(
      names = "--batch",
      description = "slots; 0, the default, for 4 or as many as the beams of a case")
  private int batch = AUTO_BATCH;

  @Option(
      names = "--step-tokens",
      description = "prompt tokens in a step; default: ${DEFAULT-VALUE}")
  private int stepTokens = ModelLoader.DEFAULT_STEP_TOKENS;

  @Option(
      names = "--prefix-cache",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private PrefixCache prefixCache = PrefixCache.ON;

  @Option(
      names = "--speculate",
      description = "most tokens guessed ahead in greedy continuations; default: none")
  private int speculate;

  enum PrefixCache {
    ON,
    OFF
  }

  /** Sets the options of a model whose cases take up to so many slots. */
  ModelLoader apply(ModelLoader loader, int slots) {
    int automatic = Math.max(ModelLoader.DEFAULT_BATCH, slots);
    return loader
        .batch(batch == AUTO_BATCH ? automatic : batch)
        .stepTokens(stepTokens)
        .prefixCache(prefixCache == PrefixCache.ON ? ModelLoader.DEFAULT_PREFIX_CACHE_BYTES : 0);
  }

  /** Sets the options of a generation. */
  Generator apply(Generator generator) {
    return generator.speculate(speculate);
  }
}
