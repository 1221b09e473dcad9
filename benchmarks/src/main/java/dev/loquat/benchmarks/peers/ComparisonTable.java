package dev.loquat.benchmarks.peers;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as JSON and as a table in Markdown.
 *
 * @param comparison the finished rounds
 * @param bytesPerSecond how fast memory is read
 */
record ComparisonTable(Comparison comparison, double bytesPerSecond) {

  /** One object: speeds and ratios of all that took part, and why others did not. */
  ObjectNode json() {
    ObjectNode json = new JsonMapper().createObjectNode().put("bytesPerSecond", bytesPerSecond);
    for (Contestant contestant : comparison.contestants()) {
      json.set(contestant.name(), json(contestant));
    }
    ObjectNode left = json.putObject("left");
    comparison.left().forEach(left::put);
    return json;
  }

  private ObjectNode json(Contestant contestant) {
    ObjectNode json =
        new JsonMapper()
            .createObjectNode()
            .put("weights", contestant.weights())
            .put("readBytes", contestant.readBytes());
    putAll(json, comparison.speeds(contestant));
    json.put("bandwidthShare", bandwidthShare(contestant));
    putAll(json.putObject("ratios"), comparison.ratios(contestant));
    return json;
  }

  private static void putAll(ObjectNode json, Map<Measure, Double> values) {
    values.forEach((measure, value) -> json.put(measure.field(), value));
  }

  /** The part of the memory's speed at which one sequence's decoding reads the weights. */
  private double bandwidthShare(Contestant contestant) {
    return comparison.speeds(contestant).getOrDefault(Measure.DECODE, 0.0)
        * contestant.readBytes()
        / bytesPerSecond;
  }

  /** Lines with the speed and, in brackets, how many times a peer's speed Loquat's is. */
  String markdown() {
    String head =
        "| | weights | "
            + columns(Measure::heading)
            + " | share of memory bandwidth |\n"
            + "|---|---|"
            + "---|".repeat(Measure.values().length + 1)
            + "\n";
    return comparison.contestants().stream()
        .map(this::line)
        .collect(Collectors.joining("", head, ""));
  }

  private String line(Contestant contestant) {
    Map<Measure, Double> speeds = comparison.speeds(contestant);
    Map<Measure, Double> ratios = comparison.ratios(contestant);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.0f %% |%n",
        contestant.name(),
        contestant.weights(),
        columns(measure -> cell(speeds.get(measure), ratios.get(measure))),
        100 * bandwidthShare(contestant));
  }

  private static String columns(Function<Measure, String> cell) {
    return Arrays.stream(Measure.values()).map(cell).collect(Collectors.joining(" | "));
  }

  private static String cell(@Nullable Double speed, @Nullable Double ratio) {
    return speed == null ? "" : String.format(Locale.ROOT, "%.0f (%.2f)", speed, ratio);
  }
}
