package dev.loquat.backend.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** One text of a reference file: its ids, and what transformers computed for them. */
final class ReferenceCase {
  private final JsonNode json;

  private ReferenceCase(JsonNode json) {
    this.json = json;
  }

  static List<ReferenceCase> all(String resource) {
    try (InputStream in = resource(resource).openStream()) {
      JsonNode cases = new ObjectMapper().readTree(in).required("cases");
      return StreamSupport.stream(cases.spliterator(), false).map(ReferenceCase::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int[] ids() {
    return ints("ids");
  }

  int[] ints(String field) {
    JsonNode array = json.required(field);
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }

  float[] floats(String field) {
    JsonNode array = json.required(field);
    float[] numbers = new float[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).floatValue();
    }
    return numbers;
  }

  /** The likeliest tokens at a position: pairs of id and log-probability. */
  JsonNode top(int position) {
    return json.required("top").required(position);
  }

  private static URL resource(String name) {
    return Objects.requireNonNull(ReferenceCase.class.getResource("/" + name), name);
  }
}
