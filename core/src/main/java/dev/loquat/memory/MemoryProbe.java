package dev.loquat.memory;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The memory that a model was seen to use, phase by phase. Immutable.
 *
 * @param readings what was measured, in the order of phases; phases not measured are missing
 */
public record MemoryProbe(Map<MemoryPhase, MemoryReading> readings) {

  /** Copies the readings. */
  public MemoryProbe {
    Map<MemoryPhase, MemoryReading> copy = new EnumMap<>(MemoryPhase.class);
    readings.forEach(
        (phase, reading) -> copy.put(phase, Objects.requireNonNull(reading, "reading")));
    readings = Collections.unmodifiableMap(copy);
  }

  /**
   * What was measured in a phase.
   *
   * @param phase the phase
   * @return the reading; empty if the phase was not measured
   */
  public Optional<MemoryReading> at(MemoryPhase phase) {
    return Optional.ofNullable(readings.get(Objects.requireNonNull(phase, "phase")));
  }

  /**
   * Prints the readings as a table of fixed-width text: one line per phase, in MiB, each with its
   * change against {@link MemoryPhase#BEFORE_LOAD}. A dash stands for what was not measured or is
   * unknown.
   *
   * @return lines separated by {@code \n}, the last without one
   */
  public String table() {
    return MemoryTable.print(this);
  }
}
