package dev.loquat.generation;

/** Why a generation ended. */
public enum FinishReason {
  /** The model emitted one of its end tokens. */
  END_TOKEN,
  /** The text came to a stop sequence. */
  STOP_SEQUENCE,
  /** One of the tokens of {@link StopRules#tokens} came. */
  STOP_TOKEN,
  /** The text satisfies {@link GenerationOptions#constraint} and could not go on. */
  CONSTRAINT_COMPLETE,
  /** {@link GenerationOptions#maxNewTokens} was reached. */
  MAX_NEW_TOKENS,
  /** Prompt and text filled the context. */
  CONTEXT_FULL,
  /**
   * {@link Turn#timeout} was over; {@link GenerationTimings#hasOnlyWaited} tells whether there was
   * ever a slot.
   */
  TIMEOUT,
  /** The stream was closed before the text ended. */
  CANCELLED
}
