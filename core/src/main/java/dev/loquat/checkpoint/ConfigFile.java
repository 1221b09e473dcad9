package dev.loquat.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.error.CheckpointException;
import dev.loquat.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the small JSON files of a checkpoint. */
final class ConfigFile {
  /**
   * Published configurations of language models stay below 100 KB; caps the tree, which takes some
   * fifty times the file's bytes.
   */
  private static final long MAX_BYTES = 1L << 20;

  private ConfigFile() {}

  /** Reads a file that must be there. */
  static JsonFields require(Path folder, String name) {
    return find(folder, name)
        .orElseThrow(
            () ->
                new CheckpointException(
                    folder + " has no " + name + "; expected a Hugging Face checkpoint's folder."));
  }

  /** Reads a file if it is there. */
  static Optional<JsonFields> find(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    return Optional.of(new JsonFields(file.toString(), parse(file)));
  }

  /** Of two values for one field, one would silently win, and not the same one everywhere. */
  private static JsonNode parse(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CheckpointException(
            file
                + " has "
                + Files.size(file)
                + " bytes; expected at most "
                + MAX_BYTES
                + ". It is no model's configuration; fetch it again.");
      }
      JsonNode json = JsonTree.readStrictly(Files.readAllBytes(file));
      if (!json.isObject()) {
        throw new CheckpointException(file + " is no JSON object. Fetch it again.");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + " is no valid JSON (" + e.getOriginalMessage() + "). Fetch it again.", e);
    } catch (IOException e) {
      throw new CheckpointException(file + " can't be read (" + e + ").", e);
    }
  }
}
