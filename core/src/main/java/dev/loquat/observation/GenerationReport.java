package dev.loquat.observation;

import dev.loquat.generation.FinishReason;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * One generation from its submission to its end.
 *
 * @param promptTokens the tokens of its prompt
 * @param cachedTokens those of them that the KV cache held
 * @param newTokens the tokens generated
 * @param failed whether it failed
 * @param finishReason why its text ended; empty if it failed, or is a beam search or a scoring that
 *     came to its end
 * @param queued how long it waited for a slot
 * @param timeToFirstToken from its submission to its first token; empty where none came
 * @param total the whole time
 * @param interToken the times from one token to the next
 */
public record GenerationReport(
    int promptTokens,
    int cachedTokens,
    int newTokens,
    boolean failed,
    Optional<FinishReason> finishReason,
    Duration queued,
    Optional<Duration> timeToFirstToken,
    Duration total,
    Durations interToken) {

  /** Checks for nulls. */
  public GenerationReport {
    Objects.requireNonNull(finishReason, "finishReason");
    Objects.requireNonNull(queued, "queued");
    Objects.requireNonNull(timeToFirstToken, "timeToFirstToken");
    Objects.requireNonNull(total, "total");
    Objects.requireNonNull(interToken, "interToken");
  }
}
