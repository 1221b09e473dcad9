package dev.loquat.memory;

import java.util.Locale;

/** The moments in a model's life at which memory is measured, in their order. */
public enum MemoryPhase {
  /** Before anything of the model is read. */
  BEFORE_LOAD,
  /** When the model is ready, before its first prompt. */
  AFTER_LOAD,
  /** When the prompt has been through the model and before the first new token. */
  AFTER_INPUT,
  /** The most that was measured at any moment, device and process each by itself. */
  PEAK,
  /** When the last token has been generated. */
  AFTER_GENERATE,
  /** When what the generation held has been given back. */
  AFTER_CLEANUP;

  /** The phase in words, such as "before load". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
