package dev.loquat.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * GPT-2's spelling of bytes as printable characters: 0x21 to 0x7E, 0xA1 to 0xAC and 0xAE to 0xFF
 * stand for themselves, and the other 68 bytes, in order, are the characters from U+0100.
 */
final class ByteLevel {
  private static final int FIRST_STAND_IN = 0x100;

  private ByteLevel() {}

  /** The bytes of a token; those of its text in UTF-8 if a character stands for no byte. */
  static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int value = value(token.charAt(i));
      if (value < 0) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static int value(char spelled) {
    return spelled < FIRST_STAND_IN
        ? (isPrintable(spelled) ? spelled : -1)
        : unprintable(spelled - FIRST_STAND_IN);
  }

  private static boolean isPrintable(int value) {
    return (value >= 0x21 && value <= 0x7E) || (value >= 0xA1 && value != 0xAD);
  }

  /** The byte with this place among the unprintable ones: 0x00-0x20, 0x7F-0xA0, 0xAD. */
  private static int unprintable(int place) {
    if (place <= 0x20) {
      return place;
    }
    int second = 0x7F + place - 0x21;
    if (second <= 0xA0) {
      return second;
    }
    return second == 0xA1 ? 0xAD : -1;
  }
}
