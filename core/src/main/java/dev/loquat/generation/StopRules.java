package dev.loquat.generation;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What ends a text, apart from the model's own end tokens.
 *
 * @param sequences texts; the first of them to come ends the generation
 * @param tokens token ids; the first of them to come ends the generation
 * @param included whether the text keeps what ended it
 */
public record StopRules(List<String> sequences, Set<Integer> tokens, boolean included) {
  /** Nothing but the model's end tokens. */
  public static final StopRules NONE = new StopRules(List.of(), Set.of(), false);

  /** Copies and checks. */
  public StopRules {
    sequences.forEach(sequence -> Objects.requireNonNull(sequence, "sequence"));
    sequences = List.copyOf(sequences);
    tokens = Set.copyOf(tokens);
    sequences.forEach(StopRules::requireText);
    for (int token : tokens) {
      if (token < 0) {
        throw new IllegalArgumentException("Stop token " + token + "; expected 0 or more");
      }
    }
  }

  /** A half of a character would cut the other half off. */
  private static void requireText(String sequence) {
    if (sequence.isEmpty()) {
      throw new IllegalArgumentException("A stop sequence is empty; expected some text");
    }
    sequence.codePoints().forEach(StopRules::requireWhole);
  }

  private static void requireWhole(int codePoint) {
    if (Character.getType(codePoint) == Character.SURROGATE) {
      throw new IllegalArgumentException(
          String.format(
              "A stop sequence has the surrogate U+%04X without its pair; write the whole"
                  + " character",
              codePoint));
    }
  }
}
