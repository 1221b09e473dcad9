package dev.loquat.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.loquat.error.ChatTemplateException;
import dev.loquat.error.CheckpointException;
import dev.loquat.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a checkpoint keeps its chat template: in files of its own first, as in transformers. */
final class TemplateFiles {

  private static final long MAX_BYTES = 16 << 20;

  private TemplateFiles() {}

  static Optional<ChatTemplate> find(Path folder) {
    JsonNode config = json(folder.resolve("tokenizer_config.json"));
    String source = source(folder, config);
    return source == null
        ? Optional.empty()
        : Optional.of(
            ChatTemplate.of(
                source, token(config.path("bos_token")), token(config.path("eos_token"))));
  }

  private static @Nullable String source(Path folder, JsonNode config) {
    String own = text(folder.resolve("chat_template.jinja"));
    if (own != null) {
      return own;
    }
    Path file = folder.resolve("chat_template.json");
    JsonNode wrapped = json(file).path("chat_template");
    return wrapped.isMissingNode()
        ? template(config.path("chat_template"), folder.resolve("tokenizer_config.json"))
        : template(wrapped, file);
  }

  /** A template alone, or one of several with the name "default"; null is none. */
  private static @Nullable String template(JsonNode node, Path file) {
    if (!node.isArray()) {
      return source(node, file);
    }
    for (JsonNode named : node) {
      if (named.path("name").asText().equals("default")) {
        return source(named.path("template"), file);
      }
    }
    return null;
  }

  private static @Nullable String source(JsonNode node, Path file) {
    if (node.isTextual() || node.isNull() || node.isMissingNode()) {
      return node.textValue();
    }
    throw new ChatTemplateException(
        file
            + ": the chat template is a JSON "
            + node.getNodeType().name().toLowerCase(Locale.ROOT)
            + "; expected a string. Fetch the file again.");
  }

  private static String token(JsonNode node) {
    return node.isObject() ? node.path("content").asText("") : node.asText("");
  }

  private static JsonNode json(Path file) {
    String text = text(file);
    try {
      return text == null ? MissingNode.getInstance() : JsonTree.read(text);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + " is not JSON: " + e.getOriginalMessage() + ". Fetch the file again.", e);
    }
  }

  private static @Nullable String text(Path file) {
    try {
      if (!Files.exists(file)) {
        return null;
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new CheckpointException(
            file + " has more than " + MAX_BYTES + " bytes. Fetch the file again.");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e + ". Fetch it again.", e);
    }
  }
}
