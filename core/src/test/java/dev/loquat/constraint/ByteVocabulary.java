package dev.loquat.constraint;

import dev.loquat.tokenizer.TokenBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Two end tokens, a special token, all bytes, and pieces that cross the borders of grammars. */
final class ByteVocabulary {
  static final int END = 0;
  static final int OTHER_END = 1;
  static final int SPECIAL = 2;
  static final int FIRST_BYTE = 3;
  private static final String[] PIECES = {
    "\"",
    "{\"",
    "\":",
    "\": ",
    "\",",
    "\", \"",
    "\"}",
    "}}",
    "]}",
    "},{\"",
    "}, {",
    "[[",
    "]]",
    "[]",
    "{}",
    "true",
    "false",
    "null",
    "nul",
    " true",
    ", ",
    ": ",
    "12",
    "0.",
    ".5",
    "e1",
    "-1",
    "99999",
    "ab",
    "abc",
    "foo",
    "name",
    "name\"",
    "age",
    "\"age\": ",
    "a\":",
    "\\\"",
    "\\n",
    "\\u00",
    "\\ud83d",
    "é",
    "ü\"",
    "中文",
    "😀",
    "  ",
    "\n",
    " a",
    "b c",
    "2024-",
    "-02-",
    "29\"",
    "1,",
    "1]",
    "1}",
    "\"]"
  };

  private final byte[][] tokens;
  private final ConstraintVocabulary vocabulary;

  private ByteVocabulary(List<byte[]> tokens, boolean stripsLeadingSpace) {
    this.tokens = tokens.toArray(byte[][]::new);
    this.vocabulary =
        ConstraintVocabulary.of(
            TokenBytes.of(this.tokens, stripsLeadingSpace),
            this.tokens.length,
            Set.of(END, OTHER_END));
  }

  static ByteVocabulary create() {
    List<byte[]> tokens = bytes();
    for (String piece : PIECES) {
      tokens.add(piece.getBytes(StandardCharsets.UTF_8));
    }
    tokens.add(new byte[] {(byte) 0xF0, (byte) 0x9F});
    tokens.add(new byte[] {(byte) 0x80, '"'});
    return new ByteVocabulary(tokens, false);
  }

  static ByteVocabulary of(boolean stripsLeadingSpace, String... pieces) {
    List<byte[]> tokens = new ArrayList<>(List.of(new byte[0], new byte[0], new byte[0]));
    for (String piece : pieces) {
      tokens.add(piece.getBytes(StandardCharsets.UTF_8));
    }
    return new ByteVocabulary(tokens, stripsLeadingSpace);
  }

  private static List<byte[]> bytes() {
    List<byte[]> tokens = new ArrayList<>(List.of(new byte[0], new byte[0], new byte[0]));
    for (int b = 0; b < 256; b++) {
      tokens.add(new byte[] {(byte) b});
    }
    return tokens;
  }

  TokenConstraint over(Constraint constraint) {
    return constraint.over(vocabulary);
  }

  int size() {
    return tokens.length;
  }

  byte[] of(int id) {
    return tokens[id];
  }

  static boolean isEnd(int id) {
    return id == END || id == OTHER_END;
  }

  String text(List<Integer> ids) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ids.forEach(id -> all.writeBytes(tokens[id]));
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Any way of cutting a text into tokens, chosen at random. */
  List<Integer> split(String text, Random random) {
    byte[] all = text.getBytes(StandardCharsets.UTF_8);
    List<Integer> ids = new ArrayList<>();
    int at = 0;
    while (at < all.length) {
      List<Integer> fitting = fitting(all, at);
      int id = fitting.get(random.nextInt(fitting.size()));
      ids.add(id);
      at += tokens[id].length;
    }
    return ids;
  }

  private List<Integer> fitting(byte[] text, int at) {
    List<Integer> fitting = new ArrayList<>();
    for (int id = FIRST_BYTE; id < tokens.length; id++) {
      int end = at + tokens[id].length;
      if (end <= text.length && Arrays.equals(text, at, end, tokens[id], 0, tokens[id].length)) {
        fitting.add(id);
      }
    }
    return fitting;
  }
}
