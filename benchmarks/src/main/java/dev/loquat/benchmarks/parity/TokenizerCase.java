package dev.loquat.benchmarks.parity;

import dev.loquat.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/**
 * A text, its tokens, and the text that they decode to.
 *
 * @param text the text
 * @param ids its tokens, with those that the tokenizer puts around a text
 * @param decoded the tokens as text without special tokens
 * @param decodedWithSpecials the tokens as text
 */
record TokenizerCase(String text, List<Integer> ids, String decoded, String decodedWithSpecials)
    implements ReferenceCase.OfText {

  @Override
  public void compare(Path model, Tokenizer tokenizer, Tally tally) {
    int[] tokens = ids.stream().mapToInt(Integer::intValue).toArray();
    ExactText.compareIds(tokenizer.encode(text, true), ids, tally);
    ExactText.compare("decoded", tokenizer.decode(tokens, true), decoded, tally);
    ExactText.compare(
        "decodedWithSpecials", tokenizer.decode(tokens, false), decodedWithSpecials, tally);
  }
}
