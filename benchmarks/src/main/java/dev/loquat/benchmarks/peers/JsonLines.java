package dev.loquat.benchmarks.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a program prints, one JSON object a line among others. */
final class JsonLines {
  private static final JsonMapper MAPPER = new JsonMapper();

  private JsonLines() {}

  /**
   * The lines that begin with a brace.
   *
   * @throws PeerException if there are none, or one is no JSON
   */
  private static List<JsonNode> read(String output) {
    List<JsonNode> objects =
        output
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("{"))
            .map(JsonLines::parse)
            .toList();
    if (objects.isEmpty()) {
      throw new PeerException("expected JSON lines; got: " + output.strip());
    }
    return objects;
  }

  /**
   * A number of the first object.
   *
   * @throws PeerException if it is not there
   */
  static double number(String output, String field) {
    return number(read(output).get(0), field);
  }

  /**
   * All measures of the first object, by their names.
   *
   * @throws PeerException if one is not there
   */
  static Map<Measure, Double> speeds(String output) {
    JsonNode printed = read(output).get(0);
    Map<Measure, Double> speeds = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      speeds.put(measure, number(printed, measure.field()));
    }
    return speeds;
  }

  private static double number(JsonNode object, String field) {
    if (!object.path(field).isNumber()) {
      throw new PeerException("expected a number " + field + "; got: " + object);
    }
    return object.path(field).asDouble();
  }

  private static JsonNode parse(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new PeerException("expected a JSON object; got: " + line, e);
    }
  }
}
