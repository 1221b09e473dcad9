package dev.loquat.tokenizer;

import java.nio.file.Path;

/**
 * Text to token ids and back.
 *
 * <p>Safe for use by several threads. Whoever opens it closes it; a call after that throws {@link
 * dev.loquat.error.ModelClosedException}.
 */
public interface Tokenizer extends AutoCloseable {

  /**
   * Opens the tokenizer of a checkpoint. Nothing but the file is read, and nothing fetched. What
   * the file says of truncation and padding is left out.
   *
   * @param folder the folder with {@code tokenizer.json}, in the form of Hugging Face's tokenizers
   *     library
   * @return the tokenizer; the caller closes it
   * @throws dev.loquat.error.CheckpointException if the file is missing, damaged or not a tokenizer
   * @throws dev.loquat.error.UnsupportedModelException if the file asks for what the native library
   *     cannot do safely
   * @throws dev.loquat.error.BackendException if the native tokenizer library does not load here
   */
  static Tokenizer open(Path folder) {
    return HuggingFaceTokenizer.open(folder.resolve(TokenizerFile.NAME));
  }

  /**
   * Splits a text into tokens. Special tokens that the text spells out are recognised.
   *
   * @param text any text; lone surrogates count as U+FFFD
   * @param addSpecialTokens whether to put the tokens around the text that the tokenizer's
   *     post-processor defines, such as the beginning-of-text token
   * @return the token ids, all of them
   * @throws dev.loquat.error.PromptTooLongException if the text has more than 4,194,304 characters
   * @throws dev.loquat.error.CheckpointException if the tokenizer's model has no token for a part
   *     of the text
   */
  int[] encode(String text, boolean addSpecialTokens);

  /**
   * Joins tokens to a text.
   *
   * @param ids token ids; those that the vocabulary does not have are left out
   * @param skipSpecialTokens whether to leave special tokens out
   * @return the text, with U+FFFD for bytes that are not UTF-8
   * @throws dev.loquat.error.CheckpointException if the tokenizer's decoder fails on these tokens
   */
  String decode(int[] ids, boolean skipSpecialTokens);

  /**
   * The size of the vocabulary with the added tokens. A model's vocabulary may be padded to more.
   *
   * @return one more than the highest token id
   */
  int vocabularySize();

  /**
   * The bytes that each token adds to a text. They stay valid after this tokenizer is closed.
   *
   * @return a table with {@link #vocabularySize} ids
   * @throws dev.loquat.error.UnsupportedModelException if the text of a token depends on others, so
   *     that it has no bytes of its own
   */
  TokenBytes tokenBytes();

  /**
   * Starts to decode the tokens of one sequence as they come, without special tokens.
   *
   * @return a detokenizer in its first state, usable until this tokenizer is closed
   */
  StreamingDetokenizer detokenizer();

  /** Gives the native memory back once running calls are through. A second call does nothing. */
  @Override
  void close();
}
