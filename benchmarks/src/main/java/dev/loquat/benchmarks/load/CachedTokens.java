package dev.loquat.benchmarks.load;

import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the tokens of prompts that came from the cache. The model tells it, since a publisher and
 * a cancelled future tell no result.
 *
 * <p>Safe for use by several threads.
 */
final class CachedTokens implements EngineListener {
  private final LongAdder tokens = new LongAdder();

  @Override
  public void onGeneration(GenerationReport generation) {
    tokens.add(generation.cachedTokens());
  }

  /** The tokens since it was asked before. */
  long next() {
    return tokens.sumThenReset();
  }
}
