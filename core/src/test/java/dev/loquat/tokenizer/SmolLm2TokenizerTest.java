package dev.loquat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.checkpoint.SmolLm2;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SmolLm2.class)
class SmolLm2TokenizerTest {

  private static Tokenizer tokenizer;

  @BeforeAll
  static void open() {
    tokenizer = Tokenizer.open(SmolLm2.folder());
  }

  @AfterAll
  static void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  @Test
  void encodesAndDecodesAsTransformers() throws IOException {
    JsonNode cases = resource("smollm2-cases.json").path("cases");
    assertThat(cases).hasSizeGreaterThanOrEqualTo(20);
    for (JsonNode example : cases) {
      int[] ids = ints(example.path("ids"));
      assertThat(tokenizer.encode(example.path("text").textValue(), true)).isEqualTo(ids);
      assertThat(tokenizer.decode(ids, true)).isEqualTo(example.path("decoded").textValue());
      assertThat(tokenizer.decode(ids, false))
          .isEqualTo(example.path("decodedWithSpecials").textValue());
    }
  }

  @Test
  void encodesRenderedChatsAsTransformers() throws IOException {
    for (JsonNode example : resource("../chat/smollm2-cases.json").path("cases")) {
      assertThat(tokenizer.encode(example.path("rendered").textValue(), false))
          .isEqualTo(ints(example.path("ids")));
    }
  }

  @Test
  void hasTheVocabularyOfTheModel() {
    assertThat(tokenizer.vocabularySize()).isEqualTo(49152);
  }

  @Test
  void streamsExactlyTheWholeDecode() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      int bound = round % 3 == 0 ? 300 : tokenizer.vocabularySize();
      int[] ids = random.ints(random.nextInt(120), 0, bound).toArray();
      assertThat(Streaming.joined(tokenizer, ids)).isEqualTo(tokenizer.decode(ids, true));
    }
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = SmolLm2TokenizerTest.class.getResourceAsStream(name)) {
      return JsonMapper.builder().build().readTree(in);
    }
  }

  private static int[] ints(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false)
        .mapToInt(JsonNode::intValue)
        .toArray();
  }
}
