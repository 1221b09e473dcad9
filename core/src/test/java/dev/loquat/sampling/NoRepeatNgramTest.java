package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.generation.TokenHistory;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NoRepeatNgramTest {
  private static final int VOCABULARY = 3;

  @Test
  void bansWhatAComparisonOfEveryNgramBans() {
    Random random = new Random(7);
    for (int i = 0; i < 5000; i++) {
      int[] tokens = random.ints(1 + random.nextInt(24), 0, VOCABULARY).toArray();
      int size = 1 + random.nextInt(8);
      assertThat(banned(new NoRepeatNgram(size), new CountingHistory(tokens)))
          .as("size %d, %s", size, IntStream.of(tokens).boxed().toList())
          .isEqualTo(bannedByDefinition(size, tokens));
    }
  }

  @Test
  void bansNothingBeforeThereIsAnNgram() {
    assertThat(banned(new NoRepeatNgram(Integer.MAX_VALUE), new CountingHistory(1, 1)))
        .isEqualTo(new BitSet());
    assertThat(banned(new NoRepeatNgram(3), new CountingHistory(1, 1))).isEqualTo(new BitSet());
  }

  @Test
  void readsALongHistoryAFewTimesWhateverTheSize() {
    CountingHistory history = new CountingHistory(new int[60_000]);
    assertThat(banned(new NoRepeatNgram(30_000), history).stream()).containsExactly(0);
    assertThat(history.reads).isLessThan(6 * 60_000);
  }

  private static BitSet banned(NoRepeatNgram rule, TokenHistory history) {
    float[] logits = new float[VOCABULARY];
    rule.process(history, logits);
    BitSet banned = new BitSet();
    IntStream.range(0, VOCABULARY).filter(i -> logits[i] < 0).forEach(banned::set);
    return banned;
  }

  private static BitSet bannedByDefinition(int size, int... tokens) {
    BitSet banned = new BitSet();
    for (int start = 0; start + size <= tokens.length; start++) {
      int first = start;
      int last = tokens.length - size + 1;
      if (IntStream.range(0, size - 1).allMatch(i -> tokens[first + i] == tokens[last + i])) {
        banned.set(tokens[start + size - 1]);
      }
    }
    return banned;
  }

  private static final class CountingHistory implements TokenHistory {
    private final int[] tokens;
    private long reads;

    CountingHistory(int... tokens) {
      this.tokens = tokens;
    }

    @Override
    public int length() {
      return tokens.length;
    }

    @Override
    public int promptLength() {
      return tokens.length;
    }

    @Override
    public int token(int index) {
      reads++;
      return tokens[index];
    }
  }
}
