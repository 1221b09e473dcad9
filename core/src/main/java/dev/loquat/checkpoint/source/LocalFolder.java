package dev.loquat.checkpoint.source;

import dev.loquat.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A folder that the user named. */
final class LocalFolder {
  private static final Pattern HUB_NAME = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*");

  private LocalFolder() {}

  static Path require(Path path) {
    if (Files.isDirectory(path)) {
      return path;
    }
    throw new CheckpointException(path + problem(path));
  }

  private static String problem(Path path) {
    if (!Files.exists(path)) {
      return place(path)
          + " does not exist; expected a folder with config.json, tokenizer.json and safetensors"
          + " weights."
          + hint(path);
    }
    if (path.toString().endsWith(".gguf")) {
      return " is a GGUF file, which is not supported in this version; expected a Hugging Face"
          + " folder with safetensors weights.";
    }
    return " is a file; expected the folder that holds the checkpoint's files.";
  }

  private static String place(Path path) {
    return path.isAbsolute() ? "" : " (" + path.toAbsolutePath() + ")";
  }

  private static String hint(Path path) {
    boolean likeHub = HUB_NAME.matcher(path.toString()).matches();
    return likeHub ? " For the model of this name on a hub, write hf://" + path + "." : "";
  }
}
