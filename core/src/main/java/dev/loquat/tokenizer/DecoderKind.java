package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How far a later token can change the text of earlier ones, by the file's {@code decoder}. */
enum DecoderKind {
  /** Tokens are bytes, decoded as UTF-8 together: the last character may be unfinished. */
  BYTES,
  /**
   * Every token has its own text but for a space at the beginning: all is certain. Runs of
   * byte-fallback tokens are the exception; they are decoded together, once another token ends
   * them.
   */
  TOKENS,
  /** The text is edited as a whole: nothing is certain before the end. */
  WHOLE;

  private static final Set<String> PER_TOKEN =
      Set.of("Replace", "ByteFallback", "Metaspace", "WordPiece");

  static DecoderKind of(JsonNode decoder) {
    if (decoder.isMissingNode() || decoder.isNull()) {
      return TOKENS;
    }
    List<JsonNode> stages = stages(decoder);
    if (stages.size() == 1) {
      String only = type(stages.get(0));
      return only.equals("ByteLevel")
          ? BYTES
          : only.equals("BPEDecoder") || PER_TOKEN.contains(only) ? TOKENS : WHOLE;
    }
    return ofSequence(stages);
  }

  /** Per-token stages, then maybe Fuse, then maybe a Strip of the one leading space. */
  private static DecoderKind ofSequence(List<JsonNode> stages) {
    int i = 0;
    while (i < stages.size() && PER_TOKEN.contains(type(stages.get(i)))) {
      i++;
    }
    if (i < stages.size() && type(stages.get(i)).equals("Fuse")) {
      i++;
      if (i < stages.size() && stripsOneAtStart(stages.get(i))) {
        i++;
      }
    }
    return i == stages.size() ? TOKENS : WHOLE;
  }

  private static boolean stripsOneAtStart(JsonNode stage) {
    return type(stage).equals("Strip")
        && stage.path("start").asInt(-1) <= 1
        && stage.path("stop").asInt(-1) == 0;
  }

  private static List<JsonNode> stages(JsonNode decoder) {
    if (!type(decoder).equals("Sequence")) {
      return List.of(decoder);
    }
    List<JsonNode> stages = new ArrayList<>();
    decoder.path("decoders").forEach(stages::add);
    return stages;
  }

  private static String type(JsonNode stage) {
    return stage.path("type").asText("");
  }
}
