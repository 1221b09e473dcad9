package dev.loquat.internal.planning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the process takes for a model beside what its backend takes. */
final class RuntimeMemory {
  private static final String TOKENIZER = "tokenizer.json";

  /**
   * A tokenizer holds each token's text in several maps, natively and in the Java heap, and each
   * merge as a pair of ids; parsing the file takes as much again for a moment. Chosen to match
   * SmolLM2's 2.0 MiB together with {@link #JAVA_BYTES}.
   */
  private static final int BYTES_PER_TOKENIZER_BYTE = 31;

  /** Classes, compiled code and the heap's young generation: what a model's first requests add. */
  private static final long JAVA_BYTES = 40L << 20;

  private RuntimeMemory() {}

  /** The bytes that come to the process with a checkpoint in a folder. */
  static long bytes(Path folder) {
    return JAVA_BYTES + BYTES_PER_TOKENIZER_BYTE * size(folder.resolve(TOKENIZER));
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
