package dev.loquat.generation;

/** Who guesses how a text goes on, for the model to check. */
public enum DraftSource {
  /** The text itself: what followed its last tokens where they stood before, prompt included. */
  PROMPT_LOOKUP,
  /** The smaller model that was loaded beside the model. */
  DRAFT_MODEL
}
