package dev.loquat.benchmarks.parity;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the cases of a reference file, whose form shows in the fields of its first case. */
final class ReferenceFile {
  // What all cases of sampling have in common stands beside them.
  private static final List<String> SHARED_FIELDS = List.of("logits", "context");
  private static final Map<String, Class<? extends ReferenceCase>> FORMS = forms();
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private ReferenceFile() {}

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it can't be read, is of no known form or has no cases
   */
  static List<ReferenceCase> read(Path file) {
    JsonNode root = root(file);
    JsonNode cases = root.path("cases");
    if (!cases.isArray() || cases.isEmpty()) {
      throw new IllegalArgumentException(file + " has no cases; expected an array of one or more");
    }
    Class<? extends ReferenceCase> form = form(file, cases.get(0));
    List<ReferenceCase> result = new ArrayList<>();
    for (JsonNode value : cases) {
      result.add(parse(file, result.size() + 1, withShared(root, value), form));
    }
    return result;
  }

  private static JsonNode withShared(JsonNode root, JsonNode value) {
    ObjectNode whole = JSON.createObjectNode();
    SHARED_FIELDS.stream().filter(root::has).forEach(name -> whole.set(name, root.get(name)));
    return value instanceof ObjectNode fields ? whole.setAll(fields) : value;
  }

  private static JsonNode root(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new IllegalArgumentException("The reference can't be read: " + e.getMessage(), e);
    }
  }

  private static Class<? extends ReferenceCase> form(Path file, JsonNode first) {
    return FORMS.entrySet().stream()
        .filter(form -> first.has(form.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    file + " is of no known form; expected cases with one of " + FORMS.keySet()));
  }

  private static ReferenceCase parse(
      Path file, int number, JsonNode value, Class<? extends ReferenceCase> form) {
    try {
      return JSON.treeToValue(value, form);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "Case " + number + " of " + file + " is malformed: " + e.getOriginalMessage(), e);
    }
  }

  // By a field that no other form has, apart from "gap", which families have as well.
  private static Map<String, Class<? extends ReferenceCase>> forms() {
    Map<String, Class<? extends ReferenceCase>> forms = new LinkedHashMap<>();
    forms.put("top", LogProbCase.class);
    forms.put("lastLogits", FamilyCase.class);
    forms.put("gap", GreedyCase.class);
    forms.put("messages", ChatCase.class);
    forms.put("decoded", TokenizerCase.class);
    forms.put("filters", SamplingCase.class);
    forms.put("numBeams", BeamCase.class);
    return forms;
  }
}
