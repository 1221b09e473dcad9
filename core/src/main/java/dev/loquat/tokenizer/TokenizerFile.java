package dev.loquat.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.UnsupportedModelException;
import dev.loquat.json.JsonTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} that was read and looked over: native code, which ends the process where
 * it meets what it did not expect, sees nothing else.
 *
 * @param path where it was read
 * @param json its text
 * @param root its content, an object with a model
 */
record TokenizerFile(Path path, String json, JsonNode root) {

  static final String NAME = "tokenizer.json";

  /** Four times the largest published one; keeps a wrong file out of memory. */
  private static final long MAX_BYTES = 128L << 20;

  static TokenizerFile read(Path path) {
    String json = text(path);
    try {
      JsonNode root = JsonTree.read(json);
      TokenizerFile file = new TokenizerFile(path, json, root);
      TokenizerChecks.check(file);
      return file;
    } catch (JsonProcessingException e) {
      throw file(path, "is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  CheckpointException damaged(String problem) {
    return file(path, problem, null);
  }

  UnsupportedModelException unsupported(String what) {
    return new UnsupportedModelException(
        path + " has " + what + ", which is not supported; use a checkpoint without it.");
  }

  private static String text(Path path) {
    try {
      long bytes = Files.size(path);
      if (bytes > MAX_BYTES) {
        throw file(path, "has " + bytes + " bytes; expected at most " + MAX_BYTES, null);
      }
      ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path));
      return StandardCharsets.UTF_8.newDecoder().decode(content).toString();
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          path
              + " does not exist. A checkpoint needs its tokenizer in this form; fetch the file, or"
              + " convert the tokenizer with transformers (save_pretrained of a fast tokenizer).",
          e);
    } catch (CharacterCodingException e) {
      throw file(path, "is not UTF-8 text", e);
    } catch (IOException e) {
      throw new CheckpointException(path + " cannot be read: " + e + ".", e);
    }
  }

  private static CheckpointException file(Path path, String problem, @Nullable Throwable cause) {
    String message = path + " " + problem + ". The file is damaged; fetch it again.";
    return cause == null
        ? new CheckpointException(message)
        : new CheckpointException(message, cause);
  }
}
