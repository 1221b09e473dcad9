package dev.loquat.models.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.chat.ChatMessage;
import dev.loquat.chat.ChatTemplate;
import dev.loquat.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tokenizer and the chat template, compared with Hugging Face's tokenizers and with Jinja. */
class TextReferenceTest {
  private static final Path CHECKPOINT = Path.of("src/main/resources/dev/loquat/models/tiny");

  @Test
  void tokenizesAsTheReference() throws IOException {
    JsonNode cases = Reference.cases("tokenizer.json");
    assertThat(cases).hasSize(22);
    try (Tokenizer tokenizer = Tokenizer.open(CHECKPOINT)) {
      for (JsonNode expected : cases) {
        int[] ids = tokenizer.encode(expected.path("text").textValue(), false);
        assertThat(ids).isEqualTo(Reference.ids(expected.path("ids")));
        assertThat(tokenizer.decode(ids, true)).isEqualTo(expected.path("decoded").textValue());
        assertThat(tokenizer.decode(ids, false))
            .isEqualTo(expected.path("decodedWithSpecials").textValue());
      }
    }
  }

  @Test
  void rendersChatsAsTheReference() throws IOException {
    JsonNode cases = Reference.cases("chat.json");
    assertThat(cases).hasSize(10);
    ChatTemplate template = ChatTemplate.open(CHECKPOINT);
    for (JsonNode expected : cases) {
      assertThat(template.render(messages(expected), true))
          .isEqualTo(expected.path("rendered").textValue());
    }
  }

  private static List<ChatMessage> messages(JsonNode chat) {
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : chat.path("messages")) {
      messages.add(
          new ChatMessage(message.path("role").textValue(), message.path("content").textValue()));
    }
    return messages;
  }
}
