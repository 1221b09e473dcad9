package dev.loquat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PassagesTest {
  private final Passages passages = Passages.read();

  @Test
  void hasPassagesOfAFewHundredWords() {
    assertThat(passages.texts())
        .hasSize(4)
        .allMatch(text -> text.split(" ").length > 200 && text.split(" ").length < 300);
  }

  @Test
  void startsAgainWhereTheWordsEnd() {
    int all = String.join(" ", passages.texts()).split(" ").length;
    assertThat(passages.words(0, 3)).isEqualTo("The ferry between");
    assertThat(passages.words(all - 1, 3)).isEqualTo("hand. The ferry");
  }
}
