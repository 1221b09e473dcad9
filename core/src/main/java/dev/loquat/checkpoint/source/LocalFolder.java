package dev.loquat.checkpoint.source;

import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder that the user named. */
final class LocalFolder {
  private static final String GGUF =
      " is a GGUF file, which is not supported in this version; expected a Hugging Face folder with"
          + " config.json, tokenizer.json and safetensors weights. Take the safetensors that it was"
          + " made from.";
  private static final Pattern HUB_NAME = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*");

  private LocalFolder() {}

  static Path require(Path path) {
    if (!Files.isDirectory(path)) {
      throw new CheckpointException(path + problem(path));
    }
    ggufOnly(path)
        .ifPresent(
            file -> {
              throw new CheckpointException(file + GGUF);
            });
    return path;
  }

  /** A GGUF file where there are no other weights. */
  private static Optional<Path> ggufOnly(Path folder) {
    if (Files.exists(folder.resolve(CheckpointFiles.WEIGHTS))
        || Files.exists(folder.resolve(CheckpointFiles.INDEX))) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(LocalFolder::isGguf).sorted().findFirst();
    } catch (IOException e) {
      throw new CheckpointException(folder + " can't be listed (" + e + ").", e);
    }
  }

  private static boolean isGguf(Path path) {
    return path.toString().endsWith(".gguf");
  }

  private static String problem(Path path) {
    if (!Files.exists(path)) {
      return place(path)
          + " does not exist; expected a folder with config.json, tokenizer.json and safetensors"
          + " weights."
          + hint(path);
    }
    if (isGguf(path)) {
      return GGUF;
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
