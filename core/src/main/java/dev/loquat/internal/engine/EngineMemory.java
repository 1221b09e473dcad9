package dev.loquat.internal.engine;

import dev.loquat.backend.Backend;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.MemoryRecorder;
import dev.loquat.memory.ProcessMemory;

/**
 * Reads the memory of a model at the moments that the engine passes.
 *
 * <p>Not thread-safe: it asks the backend, which one thread uses at a time.
 */
final class EngineMemory {
  private final Backend backend;
  private final MemoryRecorder recorder;
  private final ProcessMemory process = ProcessMemory.current();

  EngineMemory(Backend backend, MemoryRecorder recorder) {
    this.backend = backend;
    this.recorder = recorder;
  }

  void record(MemoryPhase phase) {
    recorder.record(phase, read());
  }

  void observePeak() {
    recorder.observePeak(read());
  }

  private MemoryReading read() {
    return new MemoryReading(backend.allocatedBytes(), process.residentBytes());
  }
}
