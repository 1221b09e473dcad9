package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Refuses settings of the parts around a tokenizer's model on which version 0.21 of the library
 * ends the process when it encodes or decodes, though it reads them without complaint.
 */
final class ComponentChecks {

  private final TokenizerFile file;

  private ComponentChecks(TokenizerFile file) {
    this.file = file;
  }

  static void check(TokenizerFile file) {
    ComponentChecks checks = new ComponentChecks(file);
    for (String part : TokenizerChecks.PARTS) {
      checks.walk(file.root().path(part));
    }
  }

  private void walk(JsonNode node) {
    checkComponent(node);
    node.forEach(this::walk);
  }

  private void checkComponent(JsonNode node) {
    switch (node.path("type").asText("")) {
      case "Precompiled" -> throw file.unsupported("the normalizer 'Precompiled'");
      case "Prepend" -> require(!node.path("prepend").asText("").isEmpty(), node);
      case "Replace" -> require(!hasEmptyPattern(node.path("pattern")), node);
      case "Strip" -> require(node.path("stop").asInt(0) == 0, node);
      case "FixedLength" -> require(node.path("length").asInt(1) > 0, node);
      case "TemplateProcessing" -> checkTemplate(node);
      default -> {}
    }
  }

  private static boolean hasEmptyPattern(JsonNode pattern) {
    return pattern.path("String").asText("x").isEmpty()
        || pattern.path("Regex").asText("x").isEmpty();
  }

  /** Every special token is defined, and the single form takes only the one text there is. */
  private void checkTemplate(JsonNode template) {
    for (JsonNode token : template.findValues("SpecialToken")) {
      require(template.path("special_tokens").has(token.path("id").asText("")), template);
    }
    for (JsonNode sequence : template.path("single").findValues("Sequence")) {
      require(sequence.path("id").asText("").equals("A"), template);
    }
    // The short form, a list of names such as "[CLS]" and "$A".
    template.path("single").forEach(piece -> require(!piece.isTextual(), template));
    require(!template.path("single").isTextual(), template);
  }

  private void require(boolean sound, JsonNode component) {
    if (!sound) {
      String text = component.toString();
      throw file.damaged(
          "has a part that cannot be applied: " + text.substring(0, Math.min(200, text.length())));
    }
  }
}
