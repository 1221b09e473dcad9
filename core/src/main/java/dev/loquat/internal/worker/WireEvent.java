package dev.loquat.internal.worker;

import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.TokenLogProbs;
import dev.loquat.internal.engine.GenerationEvent;
import java.util.List;

/** A {@link GenerationEvent} on its way. */
sealed interface WireEvent {

  /** Text. */
  record Text(String text) implements WireEvent {}

  /** The end of a text. */
  record Finished(GenerationResult result) implements WireEvent {}

  /** The end of a search. */
  record Ranked(List<ScoredText> texts) implements WireEvent {}

  /** The end of a scoring. */
  record Scored(List<TokenLogProbs> tokens) implements WireEvent {}

  /** The end by a failure. */
  record Failed(FailureText cause) implements WireEvent {}

  /** Takes an event apart. */
  static WireEvent of(GenerationEvent event) {
    if (event instanceof GenerationEvent.Text text) {
      return new Text(text.text());
    } else if (event instanceof GenerationEvent.Finished finished) {
      return new Finished(finished.result());
    } else if (event instanceof GenerationEvent.Ranked ranked) {
      return new Ranked(ranked.texts());
    } else if (event instanceof GenerationEvent.Scored scored) {
      return new Scored(scored.tokens());
    }
    return new Failed(FailureText.of(((GenerationEvent.Failed) event).cause()));
  }

  /** Puts the event together, which that replica's process has sent. */
  default GenerationEvent event(String replica) {
    if (this instanceof Text text) {
      return new GenerationEvent.Text(text.text());
    } else if (this instanceof Finished finished) {
      return new GenerationEvent.Finished(finished.result());
    } else if (this instanceof Ranked ranked) {
      return new GenerationEvent.Ranked(ranked.texts());
    } else if (this instanceof Scored scored) {
      return new GenerationEvent.Scored(scored.tokens());
    }
    return new GenerationEvent.Failed(((Failed) this).cause().exception(replica));
  }
}
