package dev.loquat.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.StreamSupport;

/** Random models that transformers 5.23.0 made and ran, in single precision on a CPU. */
public enum TransformersModel {
  /** Plain Llama with shared key-value heads and a tied head. */
  LLAMA("llama", "llama"),
  /** Linearly scaled rotary embeddings, biases and an untied head. */
  LINEAR_ROPE_AND_BIASES("llama-linear-rope", "llama-linear-rope"),
  /** Llama 3's rotary scaling. */
  LLAMA3_ROPE("llama3-rope", "llama3-rope"),
  /** YaRN's rotary scaling. */
  YARN_ROPE("yarn-rope", "llama"),
  /** Mistral with a window shorter than the texts. */
  SLIDING_WINDOW("mistral-sliding", "llama");

  private final String name;
  private final String weights;

  TransformersModel(String name, String weights) {
    this.name = name;
    this.weights = weights;
  }

  /**
   * Writes the checkpoint into an existing folder.
   *
   * @param folder the folder; takes {@code config.json}, {@code tokenizer.json} and {@code
   *     model.safetensors}, replacing what it has of these
   * @return the folder
   * @throws IOException if a file can't be written
   */
  public Path writeTo(Path folder) throws IOException {
    copy("tokenizer.json", folder.resolve("tokenizer.json"));
    copy(name + "/config.json", folder.resolve("config.json"));
    copy(weights + "/model.safetensors", folder.resolve("model.safetensors"));
    return folder;
  }

  /** What transformers computed. */
  List<TransformersText> texts() throws IOException {
    try (InputStream json = open(name + "/reference.json")) {
      JsonNode cases = new JsonMapper().readTree(json).path("cases");
      return StreamSupport.stream(cases.spliterator(), false).map(TransformersText::new).toList();
    }
  }

  private static void copy(String resource, Path file) throws IOException {
    try (InputStream bytes = open(resource)) {
      Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream bytes = TransformersModel.class.getResourceAsStream("transformers/" + resource);
    if (bytes == null) {
      throw new FileNotFoundException(resource + " is not in the test kit's jar");
    }
    return bytes;
  }
}
