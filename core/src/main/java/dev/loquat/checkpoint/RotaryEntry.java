package dev.loquat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * Finds the object that describes a rotary embedding: {@code rope_scaling}, which wins as in
 * transformers, or {@code rope_parameters}; either may hold one entry for each layer type.
 */
final class RotaryEntry {

  private RotaryEntry() {}

  /** The entry for a layer type; without fields if the file has none. */
  static JsonFields of(JsonFields config, String layerType) {
    JsonFields all =
        config
            .object("rope_scaling")
            .filter(scaling -> !scaling.json().isEmpty())
            .or(() -> config.object("rope_parameters"))
            .orElse(new JsonFields(config.where(), config.json().path("")));
    return all.object(layerType).orElseGet(() -> onlyEntry(all, layerType));
  }

  private static JsonFields onlyEntry(JsonFields all, String layerType) {
    List<String> nested =
        all.json().properties().stream()
            .filter(field -> field.getValue().isObject())
            .map(Map.Entry<String, JsonNode>::getKey)
            .toList();
    if (nested.size() > 1) {
      throw all.wrong(layerType, "an entry for this layer type beside " + nested);
    }
    return nested.isEmpty() ? all : all.object(nested.get(0)).orElseThrow();
  }
}
