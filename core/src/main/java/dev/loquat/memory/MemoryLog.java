package dev.loquat.memory;

/** Takes the memory readings of one part of a model, or of all of it. Safe for several threads. */
public interface MemoryLog {

  /**
   * Records the reading at a phase's end, which also counts for the peaks.
   *
   * @param phase the phase
   * @param reading what was measured
   */
  void record(MemoryPhase phase, MemoryReading reading);

  /**
   * Raises the peaks of a phase and of all where a reading is above them.
   *
   * @param phase the phase that lasts
   * @param reading what was measured
   */
  void observe(MemoryPhase phase, MemoryReading reading);

  /**
   * Records what was left when everything had been closed.
   *
   * @param reading what was measured then
   * @param left what was still held
   */
  void close(MemoryReading reading, LeakCheck left);
}
