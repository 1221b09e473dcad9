package dev.loquat.generation;

import java.util.List;
import java.util.Objects;

/**
 * A finished generation.
 *
 * @param text the new text, without the prompt, special tokens and the stop sequence
 * @param tokenIds the new tokens, an end token included
 * @param logProbs one for each of the new tokens where {@link GenerationOptions#logProbs} asks for
 *     them; else empty
 * @param finishReason why it ended
 * @param promptTokens the tokens of the prompt, after truncation
 * @param cachedTokens the tokens of the prompt that did not have to be computed, since the KV cache
 *     held them; 0 where it held fewer than 16
 * @param speculation what was drafted, and how much of it was right
 * @param timings how long it took
 */
public record GenerationResult(
    String text,
    List<Integer> tokenIds,
    List<TokenLogProbs> logProbs,
    FinishReason finishReason,
    int promptTokens,
    int cachedTokens,
    Speculation speculation,
    GenerationTimings timings) {

  /** Copies the lists. */
  public GenerationResult {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(finishReason, "finishReason");
    Objects.requireNonNull(speculation, "speculation");
    Objects.requireNonNull(timings, "timings");
    tokenIds = List.copyOf(tokenIds);
    logProbs = List.copyOf(logProbs);
  }

  /**
   * The number of tokens generated.
   *
   * @return the size of {@link #tokenIds}
   */
  public int newTokens() {
    return tokenIds.size();
  }
}
