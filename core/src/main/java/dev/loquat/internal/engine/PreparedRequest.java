package dev.loquat.internal.engine;

import dev.loquat.generation.FinishReason;
import dev.loquat.internal.scheduler.Sequence;
import java.util.List;

/**
 * A request that was checked and made ready on its caller's thread, for any engine of the same
 * model. It has no place in an engine's own queue.
 *
 * <p>Used once: by the engine that takes it, or to break it off.
 */
public final class PreparedRequest {
  private final EngineRequest request;
  private final List<Generation> generations;

  PreparedRequest(EngineRequest request, List<Generation> generations) {
    this.request = request;
    this.generations = List.copyOf(generations);
  }

  /**
   * What was asked for.
   *
   * @return the request
   */
  public EngineRequest request() {
    return request;
  }

  /**
   * How many parts it runs as.
   *
   * @return one, or as many as a text to score has windows
   */
  public int parts() {
    return generations.size();
  }

  /** One, or as many as a text to score has windows. */
  List<Generation> generations() {
    return generations;
  }

  /**
   * How many slots it takes at once at least.
   *
   * @return 1 or more
   */
  public int slots() {
    return generations.isEmpty() ? 1 : sequence().slotsNeeded();
  }

  /**
   * The tokens of the prompt, after truncation; of a text to score, those of its first window.
   *
   * @return a copy
   */
  public int[] promptTokens() {
    return generations.isEmpty() ? new int[0] : prompt(sequence());
  }

  /**
   * How long it is still wanted.
   *
   * @return nanoseconds; not above 0 once its timeout is over
   */
  public long nanosLeft() {
    return generations.isEmpty() ? Long.MAX_VALUE : generations.get(0).submission().nanosLeft();
  }

  /**
   * How long ago it was submitted.
   *
   * @return nanoseconds, 0 or more
   */
  public long elapsedNanos() {
    return generations.isEmpty() ? 0 : generations.get(0).submission().elapsedNanos();
  }

  /**
   * Ends it before an engine took it.
   *
   * @param reason why
   * @return its parts, each of which has ended
   */
  public List<GenerationHandle> breakOff(FinishReason reason) {
    return generations.stream().map(generation -> broken(generation, reason)).toList();
  }

  private static GenerationHandle broken(Generation generation, FinishReason reason) {
    generation.breakOff(reason);
    generation.publish();
    return new GenerationHandle(generation.submission().events(), () -> {}, () -> false);
  }

  private Sequence sequence() {
    return generations.get(0).sequences().get(0);
  }

  private static int[] prompt(Sequence sequence) {
    int[] tokens = new int[sequence.promptLength()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = sequence.token(i);
    }
    return tokens;
  }
}
