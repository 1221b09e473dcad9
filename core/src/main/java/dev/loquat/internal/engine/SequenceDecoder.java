package dev.loquat.internal.engine;

import dev.loquat.backend.Logits;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.StopRules;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.internal.scheduler.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

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

  /** Decodes new tokens for every chunk that completes. */
  List<StepOutcome> decode(
      StepPlan plan, Function<Sequence, Generation> generations, Logits logits) {
    List<StepOutcome> outcomes = new ArrayList<>(plan.chunks().size());
    int firstRow = 0;
    for (Chunk chunk : plan.chunks()) {
      if (chunk.completes()) {
        outcomes.add(decode(chunk, generations.apply(chunk.sequence()), logits, firstRow));
      }
      firstRow += chunk.logitsRows();
    }
    return outcomes;
  }

  private StepOutcome decode(Chunk chunk, Generation generation, Logits logits, int firstRow) {
    Sequence sequence = chunk.sequence();
    List<Integer> tokens = new ArrayList<>(1 + chunk.drafts());
    try {
      int lastRow = firstRow + chunk.logitsRows() - 1;
      boolean draftIsRight = true;
      for (int i = 0; draftIsRight && !generation.isEnded(); i++) {
        logits.read(lastRow - chunk.drafts() + i, row);
        int token = generation.sample(row);
        tokens.add(token);
        accept(generation, token);
        draftIsRight = i < chunk.drafts() && sequence.draft(i) == token;
      }
    } catch (LoquatException e) {
      generation.fail(e);
    }
    return generation.isEnded()
        ? new StepOutcome.Ended(sequence)
        : new StepOutcome.Continued(sequence, tokens);
  }

  private void accept(Generation generation, int token) {
    StopRules stop = generation.options().stop();
    if (endTokens.contains(token)) {
      generation.acceptEnd(token, FinishReason.END_TOKEN);
      return;
    }
    if (stop.tokens().contains(token) && !stop.included()) {
      generation.acceptEnd(token, FinishReason.STOP_TOKEN);
      return;
    }
    generation.accept(token);
    if (generation.isEnded()) {
      return;
    }
    if (stop.tokens().contains(token)) {
      generation.end(FinishReason.STOP_TOKEN);
    } else if (generation.newTokens() == generation.options().maxNewTokens()) {
      generation.end(FinishReason.MAX_NEW_TOKENS);
    } else if (generation.sequence().promptLength() + generation.newTokens() == contextLength) {
      generation.end(FinishReason.CONTEXT_FULL);
    }
  }
}
