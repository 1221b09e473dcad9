package dev.loquat.observation;

import dev.loquat.memory.LeakCheck;
import java.time.Duration;

/**
 * Hears of what an engine does.
 *
 * <p>Called on the engine's thread, between its steps; of a model with replicas, on the thread of
 * each: it must return at once, since every caller waits meanwhile, and must not call the model. A
 * listener that throws is logged and not called again.
 */
public interface EngineListener {

  /**
   * A step has ended.
   *
   * @param step what it computed and how long it took
   */
  default void onStep(StepReport step) {}

  /**
   * A generation has ended, in whatever way, also one that never got a place in the queue. Its
   * caller is told the end afterwards, but for such a one.
   *
   * @param generation what it took and gave
   */
  default void onGeneration(GenerationReport generation) {}

  /** A call that does not wait found the queue full, and was refused. Not told of replicas. */
  default void onQueueFull() {}

  /**
   * A draft model failed for a generation, which goes on without drafts.
   *
   * @param cause its failure
   */
  default void onDraftFailure(RuntimeException cause) {}

  /**
   * The model was closed and gave back what it held, but for what is named here.
   *
   * @param left what is still held: nothing, unless the backend leaks
   */
  default void onClose(LeakCheck left) {}

  /**
   * Memory did not suffice, and something was done about it. Called on the loading thread while a
   * model is loaded.
   *
   * @param report what was done
   */
  default void onOutOfMemory(OutOfMemoryReport report) {}

  /**
   * One of several replicas has ended by itself. Called on the thread that noticed it.
   *
   * @param replica which one, from 0
   * @param cause why
   */
  default void onReplicaEnd(int replica, RuntimeException cause) {}

  /**
   * A request that ran on a replica when it ended is begun again. Called on the thread that noticed
   * it.
   *
   * @param replica where it ran, from 0
   */
  default void onReplicaRetry(int replica) {}

  /**
   * A replica in a process of its own has been started again. Called on a thread of its own.
   *
   * @param replica which one, from 0
   * @param down how long there was none
   */
  default void onReplicaRestart(int replica, Duration down) {}

  /**
   * The listener that one of several replicas tells of its steps and generations. Called when the
   * model is loaded, where it has more than one.
   *
   * @param replica which one, from 0
   * @return by default this one, which several threads call at the same time then
   */
  default EngineListener forReplica(int replica) {
    return this;
  }
}
