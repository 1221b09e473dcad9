package dev.loquat.internal.engine;

import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.SamplingException;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.internal.scheduler.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Hands the logits of a step to the generations that wait for them. One that can't use its logits
 * is failed; the others go on.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class SequenceDecoder {
  private final float[] row;
  private int newTokens;

  SequenceDecoder(int vocabularySize) {
    row = new float[vocabularySize];
  }

  /** What becomes of every sequence that got logits. */
  List<StepOutcome> decode(
      StepPlan plan, Function<Sequence, Generation> generations, Logits logits) {
    Map<Generation, List<LogitsChunk>> chunks = new LinkedHashMap<>();
    DrawnTokens drawn = new DrawnTokens();
    int firstRow = 0;
    for (Chunk chunk : plan.chunks()) {
      if (chunk.logitsRows() > 0) {
        chunks
            .computeIfAbsent(generations.apply(chunk.sequence()), key -> new ArrayList<>())
            .add(new LogitsChunk(chunk, logits, firstRow, drawn));
      }
      firstRow += chunk.logitsRows();
    }
    if (logits.draws()) {
      drawn.draw(logits, draws(chunks));
    }
    newTokens = 0;
    List<StepOutcome> outcomes = new ArrayList<>();
    chunks.forEach((generation, own) -> outcomes.addAll(decode(generation, own)));
    return outcomes;
  }

  private static List<TokenDraw> draws(Map<Generation, List<LogitsChunk>> chunks) {
    List<TokenDraw> draws = new ArrayList<>();
    chunks.forEach((generation, own) -> own.forEach(one -> draws.addAll(generation.draws(one))));
    return draws;
  }

  /** The tokens that generations got in the last step that was decoded. */
  int newTokens() {
    return newTokens;
  }

  private List<StepOutcome> decode(Generation generation, List<LogitsChunk> chunks) {
    int before = generation.newTokens();
    try {
      return generation.decode(chunks, row);
    } catch (Throwable e) {
      LoquatException failure = Faults.typed(e, SequenceDecoder::failed);
      generation.submission().fail(failure);
      return ended(chunks, failure instanceof BackendException);
    } finally {
      newTokens += generation.newTokens() - before;
    }
  }

  private static LoquatException failed(Throwable cause) {
    return new SamplingException("No token could be chosen: " + cause + ". Report it.", cause);
  }

  /** Where the backend failed, what it wrote into the slots is as wrong as its logits. */
  private static List<StepOutcome> ended(List<LogitsChunk> chunks, boolean spoilt) {
    return chunks.stream()
        .<StepOutcome>map(chunk -> new StepOutcome.Ended(chunk.sequence(), spoilt))
        .toList();
  }
}
