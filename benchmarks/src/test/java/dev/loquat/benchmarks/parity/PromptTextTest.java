package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.loquat.tokenizer.StreamingDetokenizer;
import dev.loquat.tokenizer.TokenBytes;
import dev.loquat.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PromptTextTest {

  @Test
  void isTheTextOfTheTokens() {
    assertThat(PromptText.of(List.of((int) 'h', (int) 'i'), new Characters())).isEqualTo("hi");
  }

  @Test
  void refusesTokensWhoseTextIsSplitOtherwise() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PromptText.of(List.of((int) 'h', (int) 'A'), new Characters()))
        .withMessageContaining("[104, 65] is the text 'ha'")
        .withMessageContaining("splits into [104, 97]");
  }

  /** A token for each character; capital letters decode to small ones. */
  private static final class Characters implements Tokenizer {
    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
      return text.chars().toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
      return Arrays.stream(ids)
          .mapToObj(id -> Character.toString(Character.toLowerCase(id)))
          .collect(Collectors.joining());
    }

    @Override
    public int vocabularySize() {
      return 128;
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
