package dev.loquat.sampling;

import dev.loquat.error.SamplingException;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.TokenHistory;

/**
 * A processor of the caller's, whose failure is that of one generation and not of the engine.
 *
 * @param number its place among the caller's, from 1
 */
record CallerProcessor(LogitsProcessor processor, int number) implements LogitsProcessor {

  @Override
  public void process(TokenHistory history, float[] logits) {
    try {
      processor.process(history, logits);
    } catch (RuntimeException
        | OutOfMemoryError
        | StackOverflowError
        | AssertionError
        | LinkageError e) {
      throw new SamplingException(
          "The LogitsProcessor number "
              + number
              + " failed: "
              + e
              + ". Correct it or leave it out.",
          e);
    }
  }
}
