package dev.loquat.internal.engine;

import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.memory.ProcessMemory;
import java.util.function.LongSupplier;

/**
 * Reads the memory of a model at the moments that the engine passes.
 *
 * <p>Not thread-safe: it asks the backends, which one thread uses at a time.
 */
final class EngineMemory {
  private static final int STEPS_PER_READING = 16;

  private final EngineBackends backends;
  private final MemoryLedger ledger;
  private final MemoryLog recorder;
  private final Runnable neighbours;
  private final ProcessMemory process = ProcessMemory.current();
  private LongSupplier kept = () -> 0;
  private int steps;
  private boolean isIdle = true;

  /**
   * Creates it.
   *
   * @param neighbours has engines that share the memory give back what they keep
   */
  EngineMemory(
      EngineBackends backends, MemoryLedger ledger, MemoryLog recorder, Runnable neighbours) {
    this.backends = backends;
    this.ledger = ledger;
    this.recorder = recorder;
    this.neighbours = neighbours;
  }

  /** Asks for the bytes of KV cache that are only kept for prompts to come, from now on. */
  void countKept(LongSupplier bytes) {
    kept = bytes;
  }

  void record(MemoryPhase phase) {
    recorder.record(phase, read());
  }

  /** Looks at some of the steps only, since a reading costs as much as a small model's step. */
  void observe(MemoryPhase phase) {
    isIdle = false;
    if (steps++ % STEPS_PER_READING == 0) {
      recorder.observe(phase, read());
    }
  }

  /** Nothing is left to compute; without effect if nothing was computed since. */
  void idle() {
    if (!isIdle) {
      isIdle = true;
      record(MemoryPhase.IDLE);
    }
  }

  /** Looks at what is left when everything has been closed. */
  LeakCheck close() {
    LeakCheck left = new LeakCheck(Math.max(0, deviceBytes()), ledger.resources());
    recorder.close(
        new MemoryReading(deviceBytes(), process.residentBytes(), OwnedMemory.UNTOLD), left);
    return left;
  }

  /** What the backend holds on its device; {@link MemoryReading#UNKNOWN} if it can't tell. */
  long deviceBytes() {
    try {
      return Math.max(MemoryReading.UNKNOWN, backends.allocatedBytes());
    } catch (Throwable e) {
      Faults.requireContained(e);
      return MemoryReading.UNKNOWN;
    }
  }

  /** Has the neighbours and the backends give back what they keep for reuse. */
  void emptyCaches() {
    neighbours.run();
    backends.emptyCache();
  }

  private MemoryReading read() {
    return new MemoryReading(deviceBytes(), process.residentBytes(), owned());
  }

  private OwnedMemory owned() {
    try {
      return backends.ownedMemory().keeping(Math.max(0, kept.getAsLong()));
    } catch (Throwable e) {
      Faults.requireContained(e);
      return OwnedMemory.UNTOLD;
    }
  }
}
