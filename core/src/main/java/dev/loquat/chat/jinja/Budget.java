package dev.loquat.chat.jinja;

import java.util.function.LongSupplier;

/** The steps and the time that one rendering has left. */
final class Budget {

  private final long mostSteps;
  private final LongSupplier nanoTime;
  private final long begin;
  private long steps;
  private long nextLook = Limits.TIMED_STEPS;

  /**
   * A budget that runs from now on.
   *
   * @param nanoTime what tells the time, as {@link System#nanoTime}
   */
  Budget(long mostSteps, LongSupplier nanoTime) {
    this.mostSteps = mostSteps;
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
  }

  long steps() {
    return steps;
  }

  void spend(long count) {
    steps += count;
    if (steps > mostSteps) {
      throw new TemplateError("the template takes more than " + mostSteps + " steps");
    }
    if (steps >= nextLook) {
      nextLook = steps + Limits.TIMED_STEPS;
      checkTime();
    }
  }

  private void checkTime() {
    if (nanoTime.getAsLong() - begin > Limits.TIME.toNanos()) {
      throw new TemplateError(
          "the template takes longer than " + Limits.TIME.toSeconds() + " seconds");
    }
  }
}
