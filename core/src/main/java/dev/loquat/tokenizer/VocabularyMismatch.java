package dev.loquat.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token id that two vocabularies spell differently.
 *
 * @param token the lowest such id
 * @param first how the first vocabulary spells it; empty if that has no such token
 * @param second how the second spells it
 */
public record VocabularyMismatch(int token, Optional<String> first, Optional<String> second) {

  /**
   * Compares the vocabularies of two checkpoints, added tokens included.
   *
   * @param first a folder with {@code tokenizer.json}
   * @param second another
   * @return the lowest id that differs; empty if every id means the same in both
   * @throws dev.loquat.error.CheckpointException if a file is missing, damaged or not a tokenizer
   * @throws dev.loquat.error.UnsupportedModelException as {@link Tokenizer#open} says
   */
  public static Optional<VocabularyMismatch> find(Path first, Path second) {
    @Nullable String[] one = spellings(first);
    @Nullable String[] other = spellings(second);
    int token = Arrays.mismatch(one, other);
    return token < 0
        ? Optional.empty()
        : Optional.of(new VocabularyMismatch(token, spelling(one, token), spelling(other, token)));
  }

  private static Optional<String> spelling(@Nullable String[] spellings, int token) {
    return token < spellings.length ? Optional.ofNullable(spellings[token]) : Optional.empty();
  }

  private static @Nullable String[] spellings(Path folder) {
    JsonNode root = TokenizerFile.read(folder.resolve(TokenizerFile.NAME)).root();
    @Nullable String[] spellings = new @Nullable String[Vocabulary.of(root).size()];
    Vocabulary.forEach(root, (token, id) -> spellings[id] = Objects.requireNonNull(token));
    return spellings;
  }
}
