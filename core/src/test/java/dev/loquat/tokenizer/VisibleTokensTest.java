package dev.loquat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VisibleTokensTest {
  private final EvenTokens tokenizer = new EvenTokens();
  private final VisibleTokens visible = new VisibleTokens(tokenizer, 10);

  @Test
  void decodesEachTokenOnce() {
    for (int i = 0; i < 3; i++) {
      assertThat(visible.contains(2)).isTrue();
      assertThat(visible.contains(3)).isFalse();
    }
    assertThat(tokenizer.decoded).containsExactly(2, 3);
  }

  @Test
  void asksAlsoForTokensOutsideTheVocabulary() {
    assertThat(visible.contains(10)).isTrue();
    assertThat(visible.contains(-1)).isFalse();
  }

  /** Only even tokens have a text. */
  private static final class EvenTokens implements Tokenizer {
    private final List<Integer> decoded = new ArrayList<>();

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
      decoded.add(ids[0]);
      return ids[0] % 2 == 0 ? "even" : "";
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int vocabularySize() {
      return 10;
    }

    @Override
    public TokenBytes tokenBytes() {
      throw new UnsupportedOperationException();
    }

    @Override
    public StreamingDetokenizer detokenizer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
