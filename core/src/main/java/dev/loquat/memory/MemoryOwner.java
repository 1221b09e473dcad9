package dev.loquat.memory;

import java.util.Locale;

/** What a model's memory is for. */
public enum MemoryOwner {
  /** The weights, as long as the model is loaded. */
  WEIGHTS,
  /** Keys and values of sequences. */
  KV_CACHE,
  /** What steps take beside both, such as logits. */
  WORKSPACE,
  /** Keys and values that are only kept for prompts to come. */
  CACHES;

  /** The owner in words, such as "kv cache". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
