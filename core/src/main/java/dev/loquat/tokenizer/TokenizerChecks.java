package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What a tokenizer file must be before native code may see it. */
final class TokenizerChecks {

  static final List<String> PARTS =
      List.of("normalizer", "pre_tokenizer", "post_processor", "decoder");

  /** Sixty times the largest published vocabulary; keeps a wrong id from sizing memory. */
  private static final int MAX_ID = (1 << 24) - 1;

  private TokenizerChecks() {}

  static void check(TokenizerFile file) {
    JsonNode root = file.root();
    if (!root.isObject()) {
      throw file.damaged("is not a JSON object");
    }
    checkModel(file, root.path("model"));
    checkAddedTokens(file, root.path("added_tokens"));
    for (String part : PARTS) {
      JsonNode node = root.path(part);
      if (!(node.isMissingNode() || node.isNull() || node.isObject())) {
        throw file.damaged("has a '" + part + "' that is not an object");
      }
    }
    ComponentChecks.check(file);
    PatternChecks.check(file);
  }

  private static void checkModel(TokenizerFile file, JsonNode model) {
    if (!model.isObject()) {
      throw file.damaged("has no object 'model'");
    }
    JsonNode vocabulary = model.path("vocab");
    if (vocabulary.isEmpty() || !(vocabulary.isObject() || vocabulary.isArray())) {
      throw file.damaged("has no tokens in 'model.vocab'");
    }
    if (vocabulary.isObject()) {
      vocabulary.properties().forEach(e -> checkId(file, e.getKey(), e.getValue()));
    }
    // The library cuts this prefix off the second half of every merge without looking at it.
    if (!model.path("merges").isEmpty()
        && !model.path("continuing_subword_prefix").asText("").isEmpty()) {
      throw file.unsupported("a BPE model with a 'continuing_subword_prefix'");
    }
  }

  private static void checkAddedTokens(TokenizerFile file, JsonNode added) {
    if (!(added.isMissingNode() || added.isArray())) {
      throw file.damaged("has 'added_tokens' that are not a list");
    }
    added.forEach(token -> checkId(file, token.path("content").asText(), token.path("id")));
  }

  private static void checkId(TokenizerFile file, String token, JsonNode id) {
    if (!id.isIntegralNumber()
        || !id.canConvertToInt()
        || id.intValue() < 0
        || id.intValue() > MAX_ID) {
      throw file.damaged("gives token '" + token + "' the id " + id + "; expected 0 to " + MAX_ID);
    }
  }
}
