package dev.loquat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.error.ChatTemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The templates of published models, rendered by transformers and here. */
class PublishedTemplatesTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void rendersAsTransformers(String model, String title, String source, JsonNode example) {
    if (example.has("error")) {
      assertThatThrownBy(() -> render(source, example)).isInstanceOf(ChatTemplateException.class);
    } else {
      assertThat(render(source, example)).isEqualTo(example.path("rendered").textValue());
    }
  }

  @Test
  void covers52TemplatesWith8ConversationsEach() throws IOException {
    assertThat(cases()).hasSize(52 * 8);
  }

  static Stream<Arguments> cases() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    for (JsonNode template : resource("chat-templates.json").path("templates")) {
      for (JsonNode example : template.path("cases")) {
        cases.add(
            Arguments.of(
                template.path("model").textValue(),
                example.path("title").textValue(),
                template.path("template").textValue(),
                example));
      }
    }
    return cases.stream();
  }

  private static String render(String source, JsonNode example) {
    Map<String, Object> extra = new LinkedHashMap<>(map(example.path("extra")));
    if (!example.path("tools").isNull()) {
      extra.put("tools", list(example.path("tools")));
    }
    return ChatTemplate.of(source, "<s>", "</s>")
        .render(
            list(example.path("messages")),
            example.path("addGenerationPrompt").booleanValue(),
            extra,
            CLOCK);
  }

  private static Map<String, Object> map(JsonNode node) {
    return JsonMapper.builder().build().convertValue(node, new TypeReference<>() {});
  }

  private static List<Map<String, Object>> list(JsonNode node) {
    return JsonMapper.builder().build().convertValue(node, new TypeReference<>() {});
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = PublishedTemplatesTest.class.getResourceAsStream(name)) {
      return JsonMapper.builder().build().readTree(in);
    }
  }
}
