package dev.loquat.models.tiny;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;

/** Data that the training script computed without Loquat. */
final class Reference {

  private Reference() {}

  static JsonNode read(String file) throws IOException {
    try (InputStream json = Reference.class.getResourceAsStream("/tiny/" + file)) {
      return new JsonMapper().readTree(Objects.requireNonNull(json, file));
    }
  }

  static JsonNode cases(String file) throws IOException {
    return read(file).path("cases");
  }

  static int[] ids(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }
}
