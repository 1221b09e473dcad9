package dev.loquat.constraint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;

/** A schema's text, read, and where its references lead. */
final class SchemaDocument {
  private static final int MAX_CHARS = 1 << 20;

  /** Keeps the recursion over schemas within a thread's stack. */
  private static final int MAX_NESTING = 100;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final JsonNode root;

  private SchemaDocument(JsonNode root) {
    this.root = root;
  }

  static SchemaDocument parse(String schema) {
    if (schema.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "The JSON schema has " + schema.length() + " characters; expected at most " + MAX_CHARS);
    }
    try {
      return new SchemaDocument(JSON.readTree(schema));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The JSON schema is not JSON: " + e.getOriginalMessage() + "; correct its text", e);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "The JSON schema has a number that is too large: " + e.getMessage() + "; correct it", e);
    }
  }

  /** The schema at a path. */
  SchemaNode at(String path) {
    JsonNode node = root.at(JsonPointer.compile(path));
    if (!node.isObject() && !node.isBoolean()) {
      throw new IllegalArgumentException(
          "The JSON schema has "
              + SchemaNode.brief(node)
              + " at #"
              + path
              + "; expected a schema, an object or a boolean");
    }
    return new SchemaNode(node, path);
  }

  /** RFC 6901: a pointer in a fragment is percent-encoded. */
  private static String decoded(SchemaNode schema, String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          schema
              .error("has the $ref '#" + fragment + "', which is not percent-encoded")
              .getMessage(),
          e);
    }
  }

  /** The path that a schema's {@code $ref} leads to, which must be within the document. */
  String target(SchemaNode schema) {
    String reference = schema.text("$ref");
    String path = reference.startsWith("#") ? decoded(schema, reference.substring(1)) : "?";
    if (!path.isEmpty() && !path.startsWith("/")) {
      throw schema.error("has the $ref '" + reference + "', expected '#/$defs/NAME' or '#'");
    }
    if (root.at(JsonPointer.compile(path)).isMissingNode()) {
      throw schema.error("has the $ref '" + reference + "', which leads to nothing");
    }
    return path;
  }
}
