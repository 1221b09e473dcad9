package dev.loquat.checkpoint.source;

import dev.loquat.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that the user named. */
final class LocalFolder {

  private LocalFolder() {}

  static Path require(Path path) {
    if (Files.isDirectory(path)) {
      return path;
    }
    throw new CheckpointException(path + problem(path));
  }

  private static String problem(Path path) {
    if (!Files.exists(path)) {
      return " does not exist; expected a folder with config.json, tokenizer.json and safetensors"
          + " weights (from "
          + path.toAbsolutePath()
          + ").";
    }
    if (path.toString().endsWith(".gguf")) {
      return " is a GGUF file, which is not supported in this version; expected a Hugging Face"
          + " folder with safetensors weights.";
    }
    return " is a file; expected the folder that holds the checkpoint's files.";
  }
}
