package dev.loquat.internal.engine;

import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.GenerationRequest;

/** What can be asked of an engine. */
public sealed interface EngineRequest {

  /**
   * The prompt and its options.
   *
   * @return the request; of a scoring, the text
   */
  GenerationRequest request();

  /** A text to go on from. */
  record Text(GenerationRequest request) implements EngineRequest {}

  /** A text to look for likely continuations of. */
  record Beams(GenerationRequest request, BeamOptions options) implements EngineRequest {}

  /** A text to score. */
  record Score(GenerationRequest request) implements EngineRequest {}
}
