package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;

/** SmolLM2-135M-Instruct's folder, and what transformers computes with it. */
final class SmolLm2Reference {
  private static final String PROPERTY = "loquat.smollm2";

  private SmolLm2Reference() {}

  /** The folder; a test without it is skipped, or fails where {@code CI=true}. */
  static Path folder() {
    String folder = System.getProperty(PROPERTY, "");
    String message = "No SmolLM2 checkpoint; give its folder with -D" + PROPERTY + "=FOLDER";
    if ("true".equals(System.getenv("CI"))) {
      assertThat(folder).as(message).isNotEmpty();
    }
    Assumptions.assumeFalse(folder.isEmpty(), message);
    return Path.of(folder);
  }

  static JsonNode cases(String file) throws IOException {
    try (InputStream json =
        SmolLm2Reference.class.getResourceAsStream("transformers/smollm2/" + file)) {
      return new JsonMapper().readTree(Objects.requireNonNull(json, file)).required("cases");
    }
  }

  static List<Integer> ids(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::intValue).toList();
  }
}
