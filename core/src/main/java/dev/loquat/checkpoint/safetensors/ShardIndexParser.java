package dev.loquat.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a list of shards as a stream, so that no more of it is kept than names. */
final class ShardIndexParser {
  /** Two for each tensor that a header may hold, and as many for what surrounds them. */
  static final int MAX_TOKENS = 4 * HeaderParser.MAX_ENTRIES;

  private static final Pattern PLAIN_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");

  private final Path file;
  private final JsonParser json;
  private final Map<String, String> shardOf = new LinkedHashMap<>();
  private int tokens;

  ShardIndexParser(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /** The shards' file names by tensor; none if the file has no such map. */
  Map<String, String> parse() throws IOException {
    requireObject(next(), "content");
    while (next() == JsonToken.FIELD_NAME) {
      boolean map = json.currentName().equals("weight_map");
      JsonToken value = next();
      if (map) {
        requireObject(value, "weight_map");
        readMap();
      } else {
        skip(value);
      }
    }
    if (json.nextToken() != null) {
      throw failure("has more than spaces after its object. It is damaged; fetch it again.");
    }
    return shardOf;
  }

  private void readMap() throws IOException {
    while (next() == JsonToken.FIELD_NAME) {
      String tensor = json.currentName();
      shardOf.put(tensor, fileName(next()));
    }
  }

  private String fileName(JsonToken value) throws IOException {
    String name = json.getText();
    if (value != JsonToken.VALUE_STRING || !PLAIN_NAME.matcher(name).matches()) {
      throw failure(
          "lists the file \"" + name + "\"; expected a plain name that ends in .safetensors");
    }
    return name;
  }

  private void skip(JsonToken first) throws IOException {
    int depth = depthChange(first);
    while (depth > 0) {
      depth += depthChange(next());
    }
  }

  private static int depthChange(JsonToken token) {
    return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
  }

  private JsonToken next() throws IOException {
    if (++tokens > MAX_TOKENS) {
      throw failure("has more than " + MAX_TOKENS + " names and values, the most that are read");
    }
    JsonToken token = json.nextToken();
    if (token == null) {
      throw failure("ends before its object does. Fetch it again.");
    }
    return token;
  }

  private void requireObject(JsonToken token, String what) {
    if (token != JsonToken.START_OBJECT) {
      throw failure("has as " + what + " no object; expected one. Fetch it again.");
    }
  }

  private CheckpointException failure(String what) {
    return new CheckpointException(file + " " + what);
  }
}
