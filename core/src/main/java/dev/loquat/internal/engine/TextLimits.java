package dev.loquat.internal.engine;

import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.StopRules;
import java.util.Optional;
import java.util.Set;

/**
 * What ends a text, apart from its stop sequences.
 *
 * @param endTokens the model's end tokens
 * @param stop the request's own
 * @param maxNewTokens the most new tokens
 * @param contextLeft the tokens that fit behind the prompt
 */
record TextLimits(Set<Integer> endTokens, StopRules stop, int maxNewTokens, int contextLeft) {

  static TextLimits of(Set<Integer> endTokens, GenerationOptions options, int contextLeft) {
    return new TextLimits(endTokens, options.stop(), options.maxNewTokens(), contextLeft);
  }

  /** How many tokens may still come. */
  int newTokensLeft(int newTokens) {
    return Math.min(maxNewTokens, contextLeft) - newTokens;
  }

  /** Why a token ends the text without being part of it. */
  Optional<FinishReason> before(int token) {
    if (endTokens.contains(token)) {
      return Optional.of(FinishReason.END_TOKEN);
    }
    return stop.tokens().contains(token) && !stop.included()
        ? Optional.of(FinishReason.STOP_TOKEN)
        : Optional.empty();
  }

  /** Why the text ends behind a token, the last of so many new ones. */
  Optional<FinishReason> after(int token, int newTokens) {
    if (stop.tokens().contains(token)) {
      return Optional.of(FinishReason.STOP_TOKEN);
    }
    if (newTokens == maxNewTokens) {
      return Optional.of(FinishReason.MAX_NEW_TOKENS);
    }
    return newTokens == contextLeft ? Optional.of(FinishReason.CONTEXT_FULL) : Optional.empty();
  }
}
