package dev.loquat.benchmarks.peers;

import dev.loquat.device.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A peer's weights in llama.cpp's format.
 *
 * @param file where they are, or where they are expected
 */
record Gguf(Path file) {

  /**
   * The file in a checkpoint's folder whose weights are as wide as a precision's.
   *
   * @param folder the folder
   * @param precision the precision
   * @return the first by name; one that does not exist if there is none
   */
  static Gguf in(Path folder, Precision precision) {
    String ending = "." + type(precision) + ".gguf";
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> fitting = files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
      return new Gguf(fitting.isEmpty() ? folder.resolve("model" + ending) : fitting.get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(Precision precision) {
    return switch (precision) {
      case FP32 -> "F32";
      case FP16, BF16 -> "F16";
      case INT8 -> "Q8_0";
      case INT4 -> "Q4_1";
      case INT4_SYMMETRIC -> "Q4_0";
      case AUTO -> throw new IllegalArgumentException("AUTO has no GGUF type; name a precision");
    };
  }

  /** Its name, without its folder. */
  String name() {
    return String.valueOf(file.getFileName());
  }

  /** Its size; 0 if it does not exist. */
  long bytes() {
    return file.toFile().length();
  }

  /** How to get it, if it is not there. */
  Optional<String> missing() {
    return Files.isRegularFile(file)
        ? Optional.empty()
        : Optional.of(
            file
                + " is no file; make one with llama.cpp's convert_hf_to_gguf.py and llama-quantize,"
                + " or name another by --gguf");
  }
}
