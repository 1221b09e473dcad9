package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;
import java.util.function.ObjIntConsumer;
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
    forEach(root, builder::add);
    boolean fallsBack = root.path("decoder").findValuesAsText("type").contains("ByteFallback");
    return new Vocabulary(builder.size, fallsBack ? builder.byteTokens : new BitSet());
  }

  /** Calls with each token and its id, the added ones last. */
  static void forEach(JsonNode root, ObjIntConsumer<String> action) {
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(e -> action.accept(e.getKey(), e.getValue().intValue()));
    } else {
      for (int id = 0; id < vocabulary.size(); id++) {
        action.accept(vocabulary.get(id).path(0).asText(""), id);
      }
    }
    for (JsonNode token : root.path("added_tokens")) {
      action.accept(token.path("content").asText(""), token.path("id").intValue());
    }
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
