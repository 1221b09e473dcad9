package dev.loquat.internal.worker;

import dev.loquat.internal.engine.Listeners;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.OwnedMemory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What hears of the steps, generations and memory of a worker, over all its starts.
 *
 * <p>Used by one thread at a time.
 */
public final class WorkerEars {
  private static final MemoryReading NOTHING = new MemoryReading(0, 0, OwnedMemory.NONE);

  private final Listeners listeners;
  private final MemoryLog memory;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private LeakCheck left = new LeakCheck(0, List.of());
  private MemoryReading last = NOTHING;

  /**
   * Creates them.
   *
   * @param listeners told of steps and generations
   * @param memory where readings of memory go; closed with the replica
   */
  public WorkerEars(Listeners listeners, MemoryLog memory) {
    this.listeners = listeners;
    this.memory = memory;
  }

  void hear(ToParent message) {
    if (message instanceof ToParent.Step step) {
      listeners.tell(listener -> listener.onStep(step.report()));
    } else if (message instanceof ToParent.Generation generation) {
      listeners.tell(listener -> listener.onGeneration(generation.report()));
    } else if (message instanceof ToParent.DraftFailure failure) {
      listeners.tell(listener -> listener.onDraftFailure(failure.cause().exception("a replica")));
    } else if (message instanceof ToParent.Relieved relieved) {
      listeners.tell(listener -> listener.onOutOfMemory(relieved.report()));
    } else if (message instanceof ToParent.Memory reading) {
      hear(reading);
    } else if (message instanceof ToParent.Closed closed) {
      last = closed.reading();
      left = closed.left();
    }
  }

  private void hear(ToParent.Memory reading) {
    if (reading.isEnd()) {
      memory.record(reading.phase(), reading.reading());
    } else {
      memory.observe(reading.phase(), reading.reading());
    }
  }

  /** The process has gone, and all that it held. */
  void silence() {
    memory.observe(MemoryPhase.IDLE, NOTHING);
  }

  /** The replica is closed for good. A second call does nothing. */
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    memory.close(last, left);
    listeners.tell(listener -> listener.onClose(left));
  }
}
