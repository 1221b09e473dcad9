package dev.loquat.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.checkpoint.SmolLm2;
import dev.loquat.error.ChatTemplateException;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {

  private static final List<ChatMessage> HELLO = List.of(ChatMessage.user("Hello"));

  @TempDir Path folder;

  @Test
  @ExtendWith(SmolLm2.class)
  void rendersSmolLm2ChatsAsTransformers() throws IOException {
    ChatTemplate template = ChatTemplate.open(SmolLm2.folder());
    for (JsonNode example : cases()) {
      assertThat(template.render(messages(example), true))
          .isEqualTo(example.path("rendered").textValue());
    }
  }

  @Test
  void readsATemplateAndTokensFromTheTokenizerConfig() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": {"content": "<b>"}, "eos_token": "<e>",
         "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"}
        """);
    assertThat(ChatTemplate.open(folder).render(HELLO, false)).isEqualTo("<b>Hello<e>");
  }

  @Test
  void takesTheTemplateNamedDefault() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "rag", "template": "rag"},
                           {"name": "default", "template": "plain"}]}
        """);
    assertThat(ChatTemplate.open(folder).render(HELLO, false)).isEqualTo("plain");
  }

  @Test
  void prefersATemplateInItsOwnFile() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
    write("chat_template.json", "{\"chat_template\": \"json\"}");
    assertThat(ChatTemplate.open(folder).render(HELLO, false)).isEqualTo("json");
    write("chat_template.jinja", "jinja");
    assertThat(ChatTemplate.open(folder).render(HELLO, false)).isEqualTo("jinja");
  }

  @Test
  void saysWhatToDoWithoutATemplate() {
    assertThat(ChatTemplate.find(folder)).isEmpty();
    assertThatThrownBy(() -> ChatTemplate.open(folder))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageContaining("has no chat template")
        .hasMessageContaining("generate()");
  }

  @Test
  void refusesADamagedTokenizerConfig() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": ");
    assertThatThrownBy(() -> ChatTemplate.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tokenizer_config.json is not JSON");
  }

  @Test
  void tellsTheLineThatRefusesTheMessages() {
    ChatTemplate template =
        template("{% if true %}\n{{ raise_exception('No system role') }}{% endif %}");
    assertThatThrownBy(() -> template.render(HELLO, true))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessage("The chat template fails in line 2: No system role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% if %}",
        "{% for x in messages %}",
        "{{ 'open",
        "{{ (1 }}",
        "{{ 1 +",
        "{# open",
        "{% include 'a' %}",
        "{% raw %}",
        "{{ \u0000 }}",
        "{{ 99999999999999999999 }}",
        "{{ '\\x' }}",
        "{% endif %}",
        "{% set = 1 %}"
      })
  void refusesMalformedTemplates(String source) {
    assertThatThrownBy(() -> template(source))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageStartingWith("The chat template is malformed, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ missing.attribute }}",
        "{{ 'a' + 1 }}",
        "{{ 1 // 0 }}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ messages.append(1) }}",
        "{{ messages | nofilter }}",
        "{{ 1 is notest }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ range(1, 2, 3)() }}",
        "{% set messages.a = 1 %}",
        "{% for a, b in [[1]] %}{% endfor %}",
        "{{ {[]: 1} }}",
        "{{ 'a'.split('') }}",
        "{{ loop.cycle() }}{% for x in [1] %}{{ loop.cycle() }}{% endfor %}"
      })
  void refusesWhatATemplateMustNotDo(String source) {
    assertThatThrownBy(() -> template(source).render(HELLO, true))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageStartingWith("The chat template fails in line 1: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ range(1000000) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 'ab'.replace('a', 'x' * 16000000).replace('x', 'y' * 16000000) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=[]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
        "{% set n = namespace(s=[]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s | tojson }}",
        "{% set n = namespace(s=[], t=[]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}"
            + "{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.s == n.t }}",
        "{% set n = namespace(s=[]) %}{% for i in range(99999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}",
        "{% for a in range(99999) %}{{ 'x' | indent(1000000) }}{% endfor %}",
        "{% set s = 'a ' * 8000000 %}{% for i in range(99999) %}{{ s.split()[0] }}{% endfor %}",
      })
  void stopsTemplatesThatTakeTooMuch(String source) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> template(source).render(HELLO, true))
                .isInstanceOf(ChatTemplateException.class));
  }

  @ParameterizedTest
  @CsvSource({"(, )", "[, ]", "-, ''", "'{% if 1 %}', ''"})
  void refusesNestingThatIsTooDeep(String open, String close) {
    int depth = 100_000;
    String body = open.repeat(depth) + "1" + close.repeat(depth);
    String source = open.startsWith("{") ? body : "{{ " + body + " }}";
    assertThatThrownBy(() -> template(source).render(HELLO, true))
        .isInstanceOf(ChatTemplateException.class);
  }

  private static ChatTemplate template(String source) {
    return ChatTemplate.of(source, "", "");
  }

  private static List<ChatMessage> messages(JsonNode example) {
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : example.path("messages")) {
      messages.add(
          new ChatMessage(message.path("role").textValue(), message.path("content").textValue()));
    }
    return messages;
  }

  private static JsonNode cases() throws IOException {
    try (InputStream in = ChatTemplateTest.class.getResourceAsStream("smollm2-cases.json")) {
      return JsonMapper.builder().build().readTree(in).path("cases");
    }
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }
}
