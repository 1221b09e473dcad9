package dev.loquat.memory;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the memory readings of one model. Safe for use by several threads; a call takes well
 * under a microsecond, so that it can be made at every decode step.
 *
 * <p>The latest reading of a phase counts, but of {@link MemoryPhase#PEAK} the highest: it is never
 * below any reading recorded. Each phase has a peak of its own, too.
 */
public final class MemoryRecorder implements MemoryLog {
  private static final MemoryReading NOTHING =
      new MemoryReading(MemoryReading.UNKNOWN, MemoryReading.UNKNOWN);

  private final Map<MemoryPhase, MemoryReading> readings = new EnumMap<>(MemoryPhase.class);
  private final Map<MemoryPhase, MemoryReading> peaks = new EnumMap<>(MemoryPhase.class);
  private final Set<MemoryWatch> watches = new LinkedHashSet<>();
  private MemoryReading latest = NOTHING;
  private @Nullable LeakCheck leaks;

  /** Starts without readings. */
  public MemoryRecorder() {}

  @Override
  public synchronized void record(MemoryPhase phase, MemoryReading reading) {
    observe(phase, reading);
    if (phase != MemoryPhase.PEAK) {
      readings.put(phase, reading);
    }
  }

  @Override
  public synchronized void observe(MemoryPhase phase, MemoryReading reading) {
    Objects.requireNonNull(phase, "phase");
    observePeak(reading);
    peaks.merge(phase, reading, MemoryReading::max);
  }

  /**
   * Raises the peak of all phases where a reading is above it.
   *
   * @param reading what was measured
   */
  public synchronized void observePeak(MemoryReading reading) {
    Objects.requireNonNull(reading, "reading");
    latest = reading;
    readings.merge(MemoryPhase.PEAK, reading, MemoryReading::max);
  }

  /**
   * What has been recorded so far.
   *
   * @return a copy that later readings don't change
   */
  public synchronized MemoryProbe snapshot() {
    return new MemoryProbe(readings, peaks, Optional.ofNullable(leaks));
  }

  /**
   * Reads the process's memory again and again, on a thread of the watch's own.
   *
   * @param interval the time between two readings, 1 ms or more
   * @param process what is read
   * @param listener called on that thread with each reading: what the process holds now, and what
   *     was last recorded of the device
   * @return the watch, which has begun; ends when it or this is closed
   * @throws IllegalArgumentException if the interval is out of range
   */
  public MemoryWatch watch(
      Duration interval, ProcessMemory process, Consumer<MemoryReading> listener) {
    MemoryWatch watch = new MemoryWatch(interval, () -> sample(process), listener, this::forget);
    if (join(watch)) {
      watch.start();
    }
    return watch;
  }

  /** Also ends all watches. */
  @Override
  public void close(MemoryReading reading, LeakCheck left) {
    record(MemoryPhase.AFTER_CLOSE, reading);
    leave(left).forEach(MemoryWatch::end);
  }

  private synchronized boolean join(MemoryWatch watch) {
    return leaks == null && watches.add(watch);
  }

  private synchronized List<MemoryWatch> leave(LeakCheck left) {
    leaks = Objects.requireNonNull(left, "left");
    return List.copyOf(watches);
  }

  private synchronized void forget(MemoryWatch watch) {
    watches.remove(watch);
  }

  private MemoryReading sample(ProcessMemory process) {
    long bytes = process.residentBytes();
    synchronized (this) {
      MemoryReading reading = latest.withProcess(bytes);
      observePeak(reading);
      return reading;
    }
  }
}
