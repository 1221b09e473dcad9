package dev.loquat.memory;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Gathers the memory readings of one model. Safe for use by several threads; a call takes well
 * under a microsecond, so that it can be made at every decode step.
 *
 * <p>The latest reading of a phase counts, but of {@link MemoryPhase#PEAK} the highest: it is never
 * below any reading recorded.
 */
public final class MemoryRecorder {
  private final Map<MemoryPhase, MemoryReading> readings = new EnumMap<>(MemoryPhase.class);

  /** Starts without readings. */
  public MemoryRecorder() {}

  /**
   * Records a phase's reading, which also counts for the peak.
   *
   * @param phase the phase
   * @param reading what was measured
   */
  public synchronized void record(MemoryPhase phase, MemoryReading reading) {
    Objects.requireNonNull(phase, "phase");
    observePeak(reading);
    if (phase != MemoryPhase.PEAK) {
      readings.put(phase, reading);
    }
  }

  /**
   * Raises the peak where a reading is above it.
   *
   * @param reading what was measured
   */
  public synchronized void observePeak(MemoryReading reading) {
    Objects.requireNonNull(reading, "reading");
    readings.merge(MemoryPhase.PEAK, reading, MemoryReading::max);
  }

  /**
   * What has been recorded so far.
   *
   * @return a copy that later readings don't change
   */
  public synchronized MemoryProbe snapshot() {
    return new MemoryProbe(readings);
  }
}
