package dev.loquat.benchmarks.constrained;

import dev.loquat.benchmarks.StepClock;

/**
 * A decode step with masks and one without, as means over a round.
 *
 * @param plainStep seconds of a step without
 * @param plainOwn what of it was not spent in the backend
 * @param step seconds of a step with masks
 * @param own what of it was not spent in the backend
 */
record MaskCost(double plainStep, double plainOwn, double step, double own) {

  /** Reads the clock after a round without and after one with masks. */
  static MaskCost measure(StepClock clock, Runnable plain, Runnable constrained) {
    clock.restart();
    plain.run();
    double plainStep = clock.stepSeconds();
    double plainOwn = clock.ownSeconds();
    clock.restart();
    constrained.run();
    return new MaskCost(plainStep, plainOwn, clock.stepSeconds(), clock.ownSeconds());
  }

  /** What of a step goes to masks: the backend does the same in both, so that it is left out. */
  double share() {
    return (own - plainOwn) / step;
  }

  /** How much longer a step is. */
  double stepRatio() {
    return step / plainStep;
  }
}
