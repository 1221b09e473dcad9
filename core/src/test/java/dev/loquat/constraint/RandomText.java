package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Generates as a model would that knows nothing: any allowed token, after a while those that end.
 */
final class RandomText {
  private static final int WANDERING = 60;
  private static final int LONGEST = 5_000;
  private static final String CLOSING = "\"}]@.0";
  private final ByteVocabulary vocabulary;
  private final Random random;

  RandomText(ByteVocabulary vocabulary, Random random) {
    this.vocabulary = vocabulary;
    this.random = random;
  }

  String generate(ConstraintState state) {
    List<Integer> ids = new ArrayList<>();
    while (ids.size() < LONGEST) {
      int token = choose(state.allowed(), ids.size() > WANDERING);
      state.accept(token);
      if (ByteVocabulary.isEnd(token)) {
        return vocabulary.text(ids);
      }
      ids.add(token);
    }
    throw new AssertionError("No end after " + LONGEST + " tokens: " + vocabulary.text(ids));
  }

  private int choose(BitSet allowed, boolean hurry) {
    if (allowed.get(ByteVocabulary.END) && (hurry || random.nextInt(4) == 0)) {
      return ByteVocabulary.END;
    }
    for (int i = 0; hurry && i < CLOSING.length() && random.nextInt(8) > 0; i++) {
      int token = ByteVocabulary.FIRST_BYTE + CLOSING.charAt(i);
      if (allowed.get(token)) {
        return token;
      }
    }
    int[] ids = allowed.stream().toArray();
    return ids[random.nextInt(ids.length)];
  }
}
