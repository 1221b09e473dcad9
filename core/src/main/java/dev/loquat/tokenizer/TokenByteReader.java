package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Works out the bytes of every token from a tokenizer file, for the two kinds of decoder whose
 * tokens have bytes of their own: byte-level, and SentencePiece's chain of replacing a mark by a
 * space, byte fallback, fusing and stripping one leading space.
 */
final class TokenByteReader {
  private static final byte[] NONE = {};
  private final JsonNode root;
  private final List<JsonNode> stages;

  private TokenByteReader(JsonNode root) {
    this.root = root;
    this.stages = stages(root.path("decoder"));
  }

  /** The table, or empty if tokens have no bytes of their own. */
  static Optional<TokenBytes> read(JsonNode root, int size) {
    TokenByteReader reader = new TokenByteReader(root);
    return reader.isReadable() ? Optional.of(reader.table(size)) : Optional.empty();
  }

  private boolean isReadable() {
    return DecoderKind.of(root.path("decoder")) != DecoderKind.WHOLE
        && !stages.isEmpty()
        && stages.stream().allMatch(TokenByteReader::isKnown);
  }

  private static boolean isKnown(JsonNode stage) {
    return switch (type(stage)) {
      case "ByteLevel", "ByteFallback", "Fuse", "Strip", "Metaspace" -> true;
      case "Replace" -> stage.path("pattern").has("String");
      default -> false;
    };
  }

  private TokenBytes table(int size) {
    byte[][] tokens = new byte[size][];
    Arrays.fill(tokens, NONE);
    JsonNode vocabulary = root.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(e -> tokens[e.getValue().intValue()] = bytes(e.getKey()));
    } else {
      for (int id = 0; id < vocabulary.size(); id++) {
        tokens[id] = bytes(vocabulary.get(id).path(0).asText(""));
      }
    }
    for (JsonNode token : root.path("added_tokens")) {
      boolean special = token.path("special").asBoolean(false);
      tokens[token.path("id").intValue()] =
          special ? NONE : bytes(token.path("content").asText(""));
    }
    return TokenBytes.of(tokens, stripsLeadingSpace());
  }

  private byte[] bytes(String token) {
    String text = token;
    for (JsonNode stage : stages) {
      switch (type(stage)) {
        case "ByteLevel" -> {
          return ByteLevel.bytes(token);
        }
        case "ByteFallback" -> {
          if (Vocabulary.BYTE.matcher(text).matches()) {
            return new byte[] {(byte) Integer.parseInt(text.substring(3, 5), 16)};
          }
        }
        case "Replace" ->
            text =
                text.replace(
                    stage.path("pattern").path("String").asText(),
                    stage.path("content").asText(""));
        case "Metaspace" -> text = text.replace(mark(stage), " ");
        default -> {}
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private boolean stripsLeadingSpace() {
    return stages.stream().anyMatch(TokenByteReader::stripsSpace);
  }

  private static boolean stripsSpace(JsonNode stage) {
    return switch (type(stage)) {
      case "Strip" ->
          stage.path("start").asInt(0) > 0 && stage.path("content").asText().equals(" ");
      case "Metaspace" -> !stage.path("prepend_scheme").asText("always").equals("never");
      default -> false;
    };
  }

  private static String mark(JsonNode metaspace) {
    return metaspace.path("replacement").asText("▁");
  }

  private static List<JsonNode> stages(JsonNode decoder) {
    if (!type(decoder).equals("Sequence")) {
      return decoder.isObject() ? List.of(decoder) : List.of();
    }
    List<JsonNode> stages = new ArrayList<>();
    decoder.path("decoders").forEach(stages::add);
    return stages;
  }

  private static String type(JsonNode stage) {
    return stage.path("type").asText("");
  }
}
