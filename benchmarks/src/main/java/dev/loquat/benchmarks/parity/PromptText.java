package dev.loquat.benchmarks.parity;

import dev.loquat.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;

/** The text of a prompt that a reference file gives as tokens. */
final class PromptText {

  private PromptText() {}

  /**
   * The text that is split into exactly these tokens.
   *
   * @throws IllegalArgumentException if their text is split otherwise
   */
  static String of(List<Integer> ids, Tokenizer tokenizer) {
    String text = tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray(), false);
    List<Integer> encoded = Arrays.stream(tokenizer.encode(text, true)).boxed().toList();
    if (!encoded.equals(ids)) {
      throw new IllegalArgumentException(
          "The prompt "
              + ids
              + " is the text '"
              + text
              + "', which the tokenizer splits into "
              + encoded
              + ". Such a prompt can't be given to the engine as text.");
    }
    return text;
  }
}
