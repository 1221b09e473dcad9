package dev.loquat.generation;

/** Why a generation ended. */
public enum FinishReason {
  /** The model emitted one of its end tokens. */
  END_TOKEN,
  /** The text came to a stop sequence. */
  STOP_SEQUENCE,
  /** {@link GenerationOptions#maxNewTokens} was reached. */
  MAX_NEW_TOKENS,
  /** Prompt and text filled the context. */
  CONTEXT_FULL,
  /** The stream was closed before the text ended. */
  CANCELLED
}
