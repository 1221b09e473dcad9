package dev.loquat.generation;

/**
 * Changes the model's logits before a token is chosen from them.
 *
 * <p>Called once for every new token, after the penalties and token rules and before temperature
 * and truncation. What it does should follow from its arguments alone: one processor serves all
 * prompts of a call, whose tokens come in any order. All calls for a model come from its engine's
 * thread, which every generation of that model waits for, so be quick and do not block. If it
 * throws, its own generation fails with {@link dev.loquat.error.SamplingException}; others go on.
 */
@FunctionalInterface
public interface LogitsProcessor {

  /**
   * Changes logits in place.
   *
   * @param history the tokens so far
   * @param logits one for every token of the vocabulary; negative infinity for a token that must
   *     not be chosen. At least one must stay finite, and none may become NaN or positive infinity.
   *     Not to be kept after the call
   */
  void process(TokenHistory history, float[] logits);
}
