package dev.loquat.memory;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The memory that a model was seen to use, phase by phase and by what it is for. Immutable.
 *
 * @param readings what was measured when a phase ended, in the order of phases; phases not measured
 *     are missing
 * @param peaks the most that was measured since the phase before, each number by itself
 * @param leaks what was still held when the model had been closed; empty while it is open
 */
public record MemoryProbe(
    Map<MemoryPhase, MemoryReading> readings,
    Map<MemoryPhase, MemoryReading> peaks,
    Optional<LeakCheck> leaks) {

  /** Copies the readings. */
  public MemoryProbe {
    readings = copy(readings);
    peaks = copy(peaks);
    Objects.requireNonNull(leaks, "leaks");
  }

  /**
   * What was measured when a phase ended.
   *
   * @param phase the phase
   * @return the reading; empty if the phase was not measured
   */
  public Optional<MemoryReading> at(MemoryPhase phase) {
    return Optional.ofNullable(readings.get(Objects.requireNonNull(phase, "phase")));
  }

  /**
   * The most that was measured in a phase. Some steps are measured, not all; while a model is
   * loaded, the process's own record is read where the system keeps one.
   *
   * @param phase the phase
   * @return the highest numbers, each by itself; empty if nothing was measured
   */
  public Optional<MemoryReading> peak(MemoryPhase phase) {
    return Optional.ofNullable(peaks.get(Objects.requireNonNull(phase, "phase")));
  }

  /**
   * Prints the readings as a table of fixed-width text: one line per phase, in MiB, each with its
   * change against {@link MemoryPhase#BEFORE_LOAD} and its peak, then what of the device's is for
   * what. A dash stands for what was not measured or is unknown.
   *
   * @return lines separated by {@code \n}, the last without one
   */
  public String table() {
    return MemoryTable.print(this);
  }

  /**
   * Prints the readings as a JSON object: a member for each phase measured, named as its constant
   * in lower case, with {@code deviceBytes}, {@code processBytes}, {@code owners} and {@code peak};
   * unknown numbers are missing. After close a member {@code leaks} follows.
   *
   * @return one line
   */
  public String json() {
    return MemoryJson.print(this);
  }

  private static Map<MemoryPhase, MemoryReading> copy(Map<MemoryPhase, MemoryReading> readings) {
    Map<MemoryPhase, MemoryReading> copy = new EnumMap<>(MemoryPhase.class);
    readings.forEach(
        (phase, reading) -> copy.put(phase, Objects.requireNonNull(reading, "reading")));
    return Collections.unmodifiableMap(copy);
  }
}
