package dev.loquat.tokenizer;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Decodes a window of the last tokens with every new one.
 *
 * <p>Why the window's text goes on as the whole text does: with {@link DecoderKind#BYTES}, only an
 * unfinished character at the end depends on what follows. It is at most three bytes long, and
 * stands as one U+FFFD, and a window whose text has three characters has at least three bytes, so
 * it sees the same unfinished character as the whole. With {@link DecoderKind#TOKENS} only the
 * first text of all is treated in another way, and the window never begins with a new token.
 */
final class WindowDetokenizer implements StreamingDetokenizer {

  private static final char REPLACEMENT = '\uFFFD';
  private static final int LONGEST_WINDOW = 16;
  private static final int SHORTEST_WINDOW = 4;
  private static final int CONTEXT_CHARS = 3;

  private final HuggingFaceTokenizer tokenizer;
  private final DecoderKind kind;
  private final BitSet byteTokens;
  private final VisibleTokens visibleTokens;
  private int[] window = new int[LONGEST_WINDOW];
  private int size;
  private int emitted;
  private boolean finished;

  WindowDetokenizer(
      HuggingFaceTokenizer tokenizer,
      DecoderKind kind,
      BitSet byteTokens,
      VisibleTokens visibleTokens) {
    this.tokenizer = tokenizer;
    this.kind = kind;
    this.byteTokens = byteTokens;
    this.visibleTokens = visibleTokens;
  }

  @Override
  public String accept(int tokenId) {
    checkOpen();
    if (!visibleTokens.contains(tokenId)) {
      return "";
    }
    append(tokenId);
    if (kind == DecoderKind.WHOLE || (tokenId >= 0 && byteTokens.get(tokenId))) {
      return "";
    }
    String text = decode(0);
    String piece = advance(text, text.length() - uncertainChars(text));
    if (size >= LONGEST_WINDOW) {
      shrink(uncertainChars(text));
    }
    return piece;
  }

  @Override
  public String finish() {
    checkOpen();
    finished = true;
    String text = decode(0);
    return advance(text, text.length());
  }

  private void append(int tokenId) {
    if (size == window.length) {
      window = Arrays.copyOf(window, 2 * size);
    }
    window[size++] = tokenId;
  }

  private int uncertainChars(String text) {
    boolean unfinished =
        kind == DecoderKind.BYTES
            && !text.isEmpty()
            && text.charAt(text.length() - 1) == REPLACEMENT;
    return unfinished ? 1 : 0;
  }

  private String advance(String text, int certain) {
    String piece = text.substring(emitted, certain);
    emitted = certain;
    return piece;
  }

  private void shrink(int uncertain) {
    int from = size - SHORTEST_WINDOW;
    int chars = decode(from).length();
    if (chars >= CONTEXT_CHARS) {
      System.arraycopy(window, from, window, 0, SHORTEST_WINDOW);
      size = SHORTEST_WINDOW;
      emitted = chars - uncertain;
    }
  }

  private String decode(int from) {
    return tokenizer.decode(Arrays.copyOfRange(window, from, size), true);
  }

  private void checkOpen() {
    if (finished) {
      throw new IllegalStateException(
          "The detokenizer has finished its sequence; take a new one for the next.");
    }
  }
}
