package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.regex.Pattern;

/**
 * What the streaming of text needs to know of a tokenizer's tokens.
 *
 * @param size one more than the highest id
 * @param byteTokens the ids of byte-fallback tokens, empty if the decoder has no such stage
 */
record Vocabulary(int size, BitSet byteTokens) {

  static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

  static Vocabulary of(JsonNode root) {
    Builder builder = new Builder();
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(e -> builder.add(e.getKey(), e.getValue().intValue()));
    } else {
      for (int id = 0; id < vocabulary.size(); id++) {
        builder.add(vocabulary.get(id).path(0).asText(""), id);
      }
    }
    for (JsonNode token : root.path("added_tokens")) {
      builder.add(token.path("content").asText(""), token.path("id").intValue());
    }
    boolean fallsBack = root.path("decoder").findValuesAsText("type").contains("ByteFallback");
    return new Vocabulary(builder.size, fallsBack ? builder.byteTokens : new BitSet());
  }

  private static final class Builder {
    private final BitSet byteTokens = new BitSet();
    private int size;

    void add(String token, int id) {
      size = Math.max(size, id + 1);
      if (BYTE.matcher(token).matches()) {
        byteTokens.set(id);
      }
    }
  }
}
