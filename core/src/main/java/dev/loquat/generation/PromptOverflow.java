package dev.loquat.generation;

/**
 * What to do with a prompt that has more tokens than the context can take. Where tokens are
 * dropped, so many are that {@link GenerationOptions#maxNewTokens} fit behind the rest, or half of
 * the context if that is less.
 */
public enum PromptOverflow {
  /** Refuse it with {@link dev.loquat.error.PromptTooLongException}. */
  ERROR,
  /** Drop tokens from its beginning, but for those that the tokenizer puts before every text. */
  KEEP_END,
  /** Drop tokens from its end. */
  KEEP_START
}
