package dev.loquat.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The list of which shard holds which tensor.
 *
 * @param shardOf the shards' file names by tensor
 */
public record ShardIndex(Map<String, String> shardOf) {
  private static final String NAME = CheckpointFiles.INDEX;

  /** More than any index; caps what is read into memory. */
  private static final long MAX_BYTES = 256L << 20;

  /** Copies the map. */
  public ShardIndex {
    shardOf = Collections.unmodifiableMap(new LinkedHashMap<>(shardOf));
  }

  /**
   * Reads a list.
   *
   * @param file the list
   * @return the list, its file names plain: none leads out of the folder
   * @throws CheckpointException if it is malformed
   * @throws IOException if it can't be read
   */
  public static ShardIndex read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new CheckpointException(
          NAME + " has " + Files.size(file) + " bytes; expected at most " + MAX_BYTES);
    }
    JsonNode map = parse(file).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new CheckpointException(
          NAME + " has no weight_map; expected an object of tensor and file names");
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      shardOf.put(entry.getKey(), fileName(entry.getValue()));
    }
    return new ShardIndex(shardOf);
  }

  /**
   * The shards.
   *
   * @return their file names, each once, sorted
   */
  public SortedSet<String> shards() {
    return new TreeSet<>(shardOf.values());
  }

  private static JsonNode parse(Path file) throws IOException {
    try {
      return new JsonMapper().readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new CheckpointException(NAME + " is no valid JSON. Fetch it again.", e);
    }
  }

  private static String fileName(JsonNode value) {
    String name = value.asText();
    if (!value.isTextual() || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors")) {
      throw new CheckpointException(
          NAME + " lists the file " + value + "; expected a plain name that ends in .safetensors");
    }
    return name;
  }
}
