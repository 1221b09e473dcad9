package dev.loquat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.error.UnsupportedModelException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenBytesTest {

  @Test
  void joinToTheDecodedTextOfByteLevelTokens() {
    requireJoined(TokenizerJson.byteLevel(), "Hello, the é中😀\n\u0001 end\u00ad");
  }

  @Test
  void joinToTheDecodedTextOfSentencePieceTokensWithOneSpaceBefore() {
    requireJoined(TokenizerJson.byteFallback(), "a the  é中😀.! xyz");
  }

  @Test
  void areNoneForSpecialTokens() {
    try (Tokenizer tokenizer = TokenizerJson.open(TokenizerJson.byteFallback())) {
      assertThat(tokenizer.tokenBytes().of(1)).isEmpty();
      assertThat(tokenizer.tokenBytes().of(3 + 'a')).containsExactly('a');
      assertThat(tokenizer.tokenBytes().size()).isEqualTo(tokenizer.vocabularySize());
    }
  }

  @Test
  void areRefusedWhereTextDependsOnOtherTokens() {
    ObjectNode json = TokenizerJson.byteLevel();
    json.set("decoder", TokenizerJson.read("{'type':'WordPiece','prefix':'##','cleanup':true}"));
    try (Tokenizer tokenizer = TokenizerJson.open(json)) {
      assertThatThrownBy(tokenizer::tokenBytes)
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("has a decoder whose tokens have no bytes of their own");
    }
  }

  private static void requireJoined(ObjectNode json, String text) {
    try (Tokenizer tokenizer = TokenizerJson.open(json)) {
      TokenBytes bytes = tokenizer.tokenBytes();
      int[] ids = tokenizer.encode(text, false);
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      for (int id : ids) {
        joined.writeBytes(bytes.of(id));
      }
      String all = joined.toString(StandardCharsets.UTF_8);
      assertThat(bytes.stripsLeadingSpace() ? all.substring(1) : all)
          .isEqualTo(tokenizer.decode(ids, true))
          .isEqualTo(text);
    }
  }
}
