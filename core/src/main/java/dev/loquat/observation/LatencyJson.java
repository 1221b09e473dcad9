package dev.loquat.observation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;

/** Prints a report of latency as JSON. */
final class LatencyJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private LatencyJson() {}

  static String print(LatencyReport report) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("deviceClock", report.deviceClock().name().toLowerCase(Locale.ROOT))
        .put("excludedGenerations", report.excludedGenerations())
        .put("excludedSteps", report.excludedSteps())
        .put("generations", report.generations());
    put(json.putObject("timeToFirstToken"), report.timeToFirstToken());
    put(json.putObject("interToken"), report.interToken());
    put(json.putObject("prefill"), report.prefill());
    put(json.putObject("decode"), report.decode());
    put(json.putObject("mixed"), report.mixed());
    return json.toString();
  }

  private static void put(ObjectNode json, PhaseLatency phase) {
    long steps = phase.steps();
    json.put("steps", steps).put("tokens", phase.tokens());
    put(json, steps, "tokensPerSecond", phase.tokensPerSecond());
    put(json, steps, "totalSeconds", seconds(phase.total()));
    put(json, steps, "deviceSeconds", seconds(phase.device()));
    put(json, steps, "hostSeconds", seconds(phase.host()));
    put(json, steps, "hostShare", phase.hostShare());
    put(json.putObject("step"), phase.step());
  }

  private static void put(ObjectNode json, LatencyPercentiles times) {
    long count = times.count();
    json.put("count", count);
    put(json, count, "meanSeconds", seconds(times.mean()));
    put(json, count, "p50Seconds", seconds(times.p50()));
    put(json, count, "p90Seconds", seconds(times.p90()));
    put(json, count, "p99Seconds", seconds(times.p99()));
    put(json, count, "maxSeconds", seconds(times.max()));
  }

  /** Of nothing there is no time and no rate. */
  private static void put(ObjectNode json, long count, String name, double value) {
    if (count == 0) {
      json.putNull(name);
    } else {
      json.put(name, value);
    }
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
