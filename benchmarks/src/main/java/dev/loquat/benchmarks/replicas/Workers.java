package dev.loquat.benchmarks.replicas;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * This process's children as they were at some time.
 *
 * @param replicas those that served then, the oldest first
 * @param cpu the processor time of each child by then, by its pid
 */
record Workers(List<ProcessHandle> replicas, Map<Long, Duration> cpu) {

  /** Those that run now: the oldest serve, and others wait. */
  static Workers running(int count) {
    Map<Long, Duration> cpu = new HashMap<>();
    ProcessHandle.current().children().forEach(child -> cpu.put(child.pid(), cpuOf(child)));
    List<ProcessHandle> oldest =
        ProcessHandle.current()
            .children()
            .sorted(
                Comparator.comparing(
                    (ProcessHandle child) -> child.info().startInstant().orElse(Instant.MAX)))
            .limit(count)
            .toList();
    return new Workers(oldest, cpu);
  }

  ProcessHandle first() {
    return replicas.get(0);
  }

  /** The processor time that all but those have taken since. */
  double cpuSecondsOfOthers() {
    return ProcessHandle.current()
            .children()
            .filter(child -> !replicas.contains(child))
            .mapToLong(
                child -> cpuOf(child).minus(cpu.getOrDefault(child.pid(), Duration.ZERO)).toNanos())
            .sum()
        / 1e9;
  }

  private static Duration cpuOf(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
