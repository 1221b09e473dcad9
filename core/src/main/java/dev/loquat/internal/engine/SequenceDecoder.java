package dev.loquat.internal.engine;

import dev.loquat.backend.Logits;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.FinishReason;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Turns rows of logits into tokens and text: sample, detokenize, stop or go on.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class SequenceDecoder {
  private final Set<Integer> endTokens;
  private final int contextLength;
  private final float[] row;

  SequenceDecoder(Set<Integer> endTokens, int contextLength, int vocabularySize) {
    this.endTokens = endTokens;
    this.contextLength = contextLength;
    row = new float[vocabularySize];
  }

  /** Decodes one token for each generation, whose logits come in the same order. */
  List<StepOutcome> decode(List<Generation> generations, Logits logits) {
    List<StepOutcome> outcomes = new ArrayList<>(generations.size());
    for (int i = 0; i < generations.size(); i++) {
      logits.read(i, row);
      outcomes.add(decode(generations.get(i)));
    }
    return outcomes;
  }

  private StepOutcome decode(Generation generation) {
    Sequence sequence = generation.sequence();
    try {
      int token = generation.sample(row);
      accept(generation, token);
      return generation.isEnded()
          ? new StepOutcome.Ended(sequence)
          : new StepOutcome.Continued(sequence, token);
    } catch (LoquatException e) {
      generation.fail(e);
      return new StepOutcome.Ended(sequence);
    }
  }

  private void accept(Generation generation, int token) {
    if (endTokens.contains(token)) {
      generation.acceptEnd(token);
      return;
    }
    generation.accept(token);
    if (generation.isEnded()) {
      return;
    }
    if (generation.newTokens() == generation.options().maxNewTokens()) {
      generation.end(FinishReason.MAX_NEW_TOKENS);
    } else if (generation.sequence().promptLength() + generation.newTokens() == contextLength) {
      generation.end(FinishReason.CONTEXT_FULL);
    }
  }
}
