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
    json.put("steps", phase.steps())
        .put("tokens", phase.tokens())
        .put("tokensPerSecond", phase.tokensPerSecond())
        .put("totalSeconds", seconds(phase.total()))
        .put("deviceSeconds", seconds(phase.device()))
        .put("hostSeconds", seconds(phase.host()))
        .put("hostShare", phase.hostShare());
    put(json.putObject("step"), phase.step());
  }

  private static void put(ObjectNode json, LatencyPercentiles times) {
    json.put("count", times.count())
        .put("meanSeconds", seconds(times.mean()))
        .put("p50Seconds", seconds(times.p50()))
        .put("p90Seconds", seconds(times.p90()))
        .put("p99Seconds", seconds(times.p99()))
        .put("maxSeconds", seconds(times.max()));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
