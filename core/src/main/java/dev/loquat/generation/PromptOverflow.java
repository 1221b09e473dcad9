package dev.loquat.generation;

/** What to do with a prompt that has more tokens than the context can take. */
public enum PromptOverflow {
  /** Refuse it with {@link dev.loquat.error.PromptTooLongException}. */
  ERROR,
  /** Drop tokens from its beginning. */
  KEEP_END,
  /** Drop tokens from its end. */
  KEEP_START
}
