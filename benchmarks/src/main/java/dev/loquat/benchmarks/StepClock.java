package dev.loquat.benchmarks;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.ForwardBatch;

/**
 * The times of decode steps, from the start of one forward to the start of the next. Only steps in
 * which every slot decodes count, and only where another such step follows.
 *
 * <p>Not thread-safe: the engine's thread writes, and others read while no generation runs.
 */
public final class StepClock {
  private static final long NONE = Long.MIN_VALUE;

  private long steps;
  private long stepNanos;
  private long forwardNanos;
  private long lastStart = NONE;
  private long lastEnd;

  /** Creates it, without steps. */
  public StepClock() {}

  /** Notes a forward by its times in nanoseconds. */
  void forward(ForwardBatch batch, CacheLayout layout, long start, long end) {
    boolean decode = decodesEverySlot(batch, layout);
    if (decode && lastStart != NONE) {
      steps++;
      stepNanos += start - lastStart;
      forwardNanos += lastEnd - lastStart;
    }
    lastStart = decode ? start : NONE;
    lastEnd = end;
  }

  /** Forgets what was. */
  public void restart() {
    steps = 0;
    stepNanos = 0;
    forwardNanos = 0;
    lastStart = NONE;
  }

  /**
   * The mean time of a step.
   *
   * @return seconds; -1 where there were none
   */
  public double stepSeconds() {
    return steps == 0 ? -1 : stepNanos / 1e9 / steps;
  }

  /**
   * The mean time of a step that was not spent in the backend.
   *
   * @return seconds; -1 where there were none
   */
  public double ownSeconds() {
    return steps == 0 ? -1 : (stepNanos - forwardNanos) / 1e9 / steps;
  }

  /** What of the steps was not spent in the backend, 0 to 1; -1 where there were none. */
  double ownShare() {
    return stepNanos == 0 ? -1 : 1 - (double) forwardNanos / stepNanos;
  }

  private static boolean decodesEverySlot(ForwardBatch batch, CacheLayout layout) {
    return batch.rows().size() == layout.slots()
        && batch.rows().stream().allMatch(row -> row.length() == 1);
  }
}
