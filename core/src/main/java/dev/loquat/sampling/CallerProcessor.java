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
    } catch (Throwable e) {
      requireContained(e);
      throw new SamplingException(
          "The LogitsProcessor number "
              + number
              + " ("
              + processor.getClass().getName()
              + ") failed: "
              + e
              + ". Correct it or leave it out.",
          e);
    }
  }

  /** Short memory and deep recursion are the processor's; other errors of the machine are not. */
  private static void requireContained(Throwable fault) {
    if (fault instanceof VirtualMachineError fatal
        && !(fault instanceof OutOfMemoryError)
        && !(fault instanceof StackOverflowError)) {
      throw fatal;
    }
  }
}
