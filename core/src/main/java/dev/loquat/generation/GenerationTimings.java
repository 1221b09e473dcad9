package dev.loquat.generation;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How long a generation took, by a monotonic clock.
 *
 * @param load opening the model, once for all its generations
 * @param queued from the call to the first step that computed for it
 * @param timeToFirstToken from the call to the first token; empty where none came
 * @param total from the call to the end
 * @param newTokens the tokens generated
 */
public record GenerationTimings(
    Duration load,
    Duration queued,
    Optional<Duration> timeToFirstToken,
    Duration total,
    int newTokens) {

  /** Checks for nulls. */
  public GenerationTimings {
    Objects.requireNonNull(load, "load");
    Objects.requireNonNull(queued, "queued");
    Objects.requireNonNull(timeToFirstToken, "timeToFirstToken");
    Objects.requireNonNull(total, "total");
  }

  /**
   * Whether the generation waited for a slot the whole time, so that no step computed for it.
   *
   * @return false once it had a slot
   */
  public boolean hasOnlyWaited() {
    return newTokens == 0 && queued.equals(total);
  }

  /**
   * The mean time from one token to the next.
   *
   * @return the time after the first token over the tokens after it; zero for fewer than two tokens
   */
  public Duration perToken() {
    return timeToFirstToken
        .filter(first -> newTokens >= 2)
        .map(first -> total.minus(first).dividedBy(newTokens - 1L))
        .orElse(Duration.ZERO);
  }

  /**
   * The rate of generation after the first token.
   *
   * @return tokens a second; 0 for fewer than two tokens
   */
  public double tokensPerSecond() {
    return perToken().isZero() ? 0 : 1e9 / perToken().toNanos();
  }
}
