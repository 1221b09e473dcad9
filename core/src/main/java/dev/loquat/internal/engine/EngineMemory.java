package dev.loquat.internal.engine;

import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.MemoryRecorder;
import dev.loquat.memory.ProcessMemory;

/**
 * Reads the memory of a model at the moments that the engine passes.
 *
 * <p>Not thread-safe: it asks the backends, which one thread uses at a time.
 */
final class EngineMemory {
  private static final int STEPS_PER_READING = 16;

  private final EngineBackends backends;
  private final MemoryRecorder recorder;
  private final ProcessMemory process = ProcessMemory.current();
  private int steps;

  EngineMemory(EngineBackends backends, MemoryRecorder recorder) {
    this.backends = backends;
    this.recorder = recorder;
  }

  void record(MemoryPhase phase) {
    recorder.record(phase, read());
  }

  /** Looks at some of the steps only, since a reading costs as much as a small model's step. */
  void observePeak() {
    if (steps++ % STEPS_PER_READING == 0) {
      recorder.observePeak(read());
    }
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

  /** Has the backends give back what they keep for reuse. */
  void emptyCaches() {
    backends.emptyCache();
  }

  private MemoryReading read() {
    return new MemoryReading(deviceBytes(), process.residentBytes());
  }
}
