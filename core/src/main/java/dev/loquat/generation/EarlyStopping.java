package dev.loquat.generation;

/** When a beam search with enough finished texts stops looking for better ones; as transformers. */
public enum EarlyStopping {
  /** As soon as there are as many finished texts as beams: {@code early_stopping=True}. */
  AT_ENOUGH,
  /**
   * When the best beam, scored at its present length, is no better than the worst finished text: a
   * guess where longer texts score higher. {@code early_stopping=False}.
   */
  AT_PRESENT_LENGTH,
  /** When no beam can become better at any length: {@code early_stopping="never"}. */
  WHEN_PROVEN
}
