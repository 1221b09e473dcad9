package dev.loquat.benchmarks.load;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.benchmarks.load.Observation.Ending;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What all callers saw.
 *
 * <p>Safe for use by several threads.
 */
final class Tally {
  private final Collection<Observation> seen = new ConcurrentLinkedQueue<>();

  void add(Observation observation) {
    seen.add(observation);
  }

  /** The requests that ended so. */
  long count(Ending ending) {
    return seen.stream().filter(one -> one.ending() == ending).count();
  }

  /** The requests whose end was not seen. */
  long lost(long requests) {
    return requests - seen.size();
  }

  /** The counts, rates and times, the times in seconds. */
  ObjectNode figures(long requests, double seconds) {
    return new JsonMapper()
        .createObjectNode()
        .put("ended", count(Ending.ENDED))
        .put("cancelled", count(Ending.CANCELLED))
        .put("failed", count(Ending.FAILED))
        .put("lost", lost(requests))
        .put("tokensPerSecond", sum(Observation::newTokens) / seconds)
        .put("firstTokenP50", percentile(Observation::firstTokenNanos, 50))
        .put("firstTokenP99", percentile(Observation::firstTokenNanos, 99))
        .put("interTokenP50", percentile(Observation::gapNanos, 50))
        .put("interTokenP99", percentile(Observation::gapNanos, 99));
  }

  private long sum(ToLongFunction<Observation> figure) {
    return seen.stream().mapToLong(figure).sum();
  }

  /** In seconds; the nearest rank, -1 if there are no times. */
  private double percentile(Function<Observation, List<Long>> times, int percent) {
    long[] sorted =
        seen.stream()
            .flatMap(one -> times.apply(one).stream())
            .mapToLong(Long::longValue)
            .sorted()
            .toArray();
    int rank = (int) Math.ceil(sorted.length * percent / 100.0);
    return sorted.length == 0 ? -1 : sorted[Math.max(rank, 1) - 1] / 1e9;
  }
}
