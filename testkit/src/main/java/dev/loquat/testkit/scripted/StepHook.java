package dev.loquat.testkit.scripted;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.error.BackendException;
import java.util.concurrent.CountDownLatch;

/** What a test does in the middle of a step, on the thread that runs it. */
@FunctionalInterface
public interface StepHook {

  /**
   * Called before a step computes anything.
   *
   * @param step the backend's steps so far, this one included: 1 for the first
   * @param batch the step's rows
   * @throws BackendException to let the step fail
   * @throws InterruptedException if waiting was interrupted; the step fails then
   */
  void beforeStep(int step, ForwardBatch batch) throws InterruptedException;

  /**
   * Does nothing.
   *
   * @return the hook
   */
  static StepHook none() {
    return (step, batch) -> {};
  }

  /**
   * Lets one step fail.
   *
   * @param failing which step, from 1
   * @return the hook
   */
  static StepHook failAt(int failing) {
    return (step, batch) -> {
      if (step == failing) {
        throw new BackendException("Step " + step + " fails, as the test asked for.");
      }
    };
  }

  /**
   * Holds one step until the test releases it.
   *
   * @param held which step, from 1
   * @param reached counted down when the step begins
   * @param release what the step waits for
   * @return the hook
   */
  static StepHook holdAt(int held, CountDownLatch reached, CountDownLatch release) {
    return (step, batch) -> {
      if (step == held) {
        reached.countDown();
        release.await();
      }
    };
  }

  /**
   * Both, one after the other.
   *
   * @param second what comes after this
   * @return the hook
   */
  default StepHook then(StepHook second) {
    return (step, batch) -> {
      beforeStep(step, batch);
      second.beforeStep(step, batch);
    };
  }
}
