package dev.loquat.memory;

import java.util.Locale;

/**
 * The phases of a model's life in their order. Each is measured when it ends, and has the peak of
 * what was measured since the one before.
 */
public enum MemoryPhase {
  /** Before anything of the model is read. */
  BEFORE_LOAD,
  /** When the weights are loaded. */
  AFTER_LOAD,
  /** When the session is open that computes steps, before the first prompt. */
  AFTER_OPEN,
  /** When the prompt has been through the model and before the first new token. */
  AFTER_INPUT,
  /** The most that was measured at any moment, device and process each by itself. */
  PEAK,
  /** When the last token of a generation has been generated. */
  AFTER_GENERATE,
  /** When nothing is left to compute. */
  IDLE,
  /** When caches have been emptied. */
  AFTER_CLEANUP,
  /** When the model has been closed. */
  AFTER_CLOSE;

  /** The phase in words, such as "before load". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
