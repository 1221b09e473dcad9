package dev.loquat.internal.engine;

import dev.loquat.error.LoquatException;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.TokenLogProbs;
import java.util.List;

/** What the engine tells the reader of a generation; the last one is a result or a failure. */
public sealed interface GenerationEvent {

  /** Text that is certain, never empty. */
  record Text(String text) implements GenerationEvent {}

  /** The end, with the whole. */
  record Finished(GenerationResult result) implements GenerationEvent {}

  /** The end of a beam search, with the best texts. */
  record Ranked(List<ScoredText> texts) implements GenerationEvent {}

  /** The end of a scoring, with the positions that were scored. */
  record Scored(List<TokenLogProbs> tokens) implements GenerationEvent {}

  /** The end by a failure. */
  record Failed(LoquatException cause) implements GenerationEvent {

    /**
     * The failure for one caller.
     *
     * @return an exception of the same type and message, which no other caller gets
     */
    public LoquatException forCaller() {
      return CallerFailure.of(cause);
    }
  }
}
