package dev.loquat.benchmarks.serving;

import dev.loquat.benchmarks.Median;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.StepReport;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The steps of an engine since a restart.
 *
 * <p>Safe for use by several threads.
 */
final class StepLog implements EngineListener {
  private static final int PATIENCE_MINUTES = 5;

  private final int stepTokens;
  private final Collection<StepReport> steps = new ConcurrentLinkedQueue<>();
  private final Semaphore fullSteps = new Semaphore(0);

  /**
   * Creates it.
   *
   * @param stepTokens the prompt tokens of a full step
   */
  StepLog(int stepTokens) {
    this.stepTokens = stepTokens;
  }

  @Override
  public void onStep(StepReport step) {
    steps.add(step);
    if (isFull(step)) {
      fullSteps.release();
    }
  }

  void restart() {
    steps.clear();
    fullSteps.drainPermits();
  }

  /** Waits for a step that prefills as much as a step can. */
  void awaitFullStep() throws InterruptedException {
    if (!fullSteps.tryAcquire(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalArgumentException(
          "No step took "
              + stepTokens
              + " tokens of a prompt in "
              + PATIENCE_MINUTES
              + " minutes; expected a prompt of more than two steps");
    }
  }

  /** The median time of full steps. */
  double fullStepSeconds() {
    List<StepReport> full = steps.stream().filter(this::isFull).toList();
    return Median.of(full, step -> step.duration().toNanos() / 1e9);
  }

  private boolean isFull(StepReport step) {
    return step.prefillTokens() >= stepTokens;
  }
}
