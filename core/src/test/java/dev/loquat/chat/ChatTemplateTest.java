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
import java.util.ArrayList;
import java.util.List;
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
        .hasMessageContaining(
            "has no chat template in chat_template.jinja, chat_template.json or"
                + " tokenizer_config.json")
        .hasMessageContaining("generate()");
  }

  @Test
  void refusesADamagedTokenizerConfig() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": ");
    assertThatThrownBy(() -> ChatTemplate.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tokenizer_config.json is not JSON");
  }

  @ParameterizedTest
  @CsvSource({
    "5, number",
    "true, boolean",
    "{}, object",
    "'[{\"name\": \"default\", \"template\": []}]', array"
  })
  void refusesATemplateThatIsNoText(String json, String kind) throws IOException {
    for (String name : List.of("tokenizer_config.json", "chat_template.json")) {
      write(name, "{\"chat_template\": " + json + "}");
      assertThatThrownBy(() -> ChatTemplate.find(folder))
          .isInstanceOf(ChatTemplateException.class)
          .hasMessage(
              "%s: the chat template is a JSON %s; expected a string. Fetch the file again.",
              folder.resolve(name), kind);
    }
  }

  @Test
  void takesNullForNoTemplate() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": null}");
    assertThat(ChatTemplate.find(folder)).isEmpty();
  }

  /** What Jinja 3.1.6 made of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "range(9223372036854775806, 9223372036854775807, 5)|list # [9223372036854775806]",
        "range(5, 0, -2)|list # [5, 3, 1]",
        "[[],[]]|sort # [[], []]",
        "[[2, 'b'], [2], [1, 'z']]|sort # [[1, 'z'], [2], [2, 'b']]",
        "['b', 'A', 'a']|sort # ['A', 'a', 'b']",
        "['b', 'a', 'A']|sort(case_sensitive=true) # ['A', 'a', 'b']",
        "['b', 'A', 'a']|sort(true) # ['b', 'A', 'a']",
        "{'b': 1, 'A': 2}|dictsort|map('first')|list # ['A', 'b']",
        "{'A': 1, 'b': 2}|dictsort(by='value', reverse=true)|map('first')|list # ['b', 'A']",
        "[1] < [1, 2] # True",
        "[9007199254740993, 9007199254740992.0]|sort # [9007199254740992.0, 9007199254740993]",
        "9007199254740993 == 9007199254740992.0 # False",
        "0.0 == -0.0 # True",
        "'abcab'.rfind('ab') # 3",
        "'abc'.rfind('') # 3",
        "'aaaa'.count('aa') # 2",
        "'abc'.count('') # 4",
        "'a,b,c'.rsplit(',', 1) # ['a,b', 'c']",
        "'xyabyx'.strip('xy') # ab",
        "'abcdef'[::-2] # fdb",
        "'abcdef'[-3:5] # de",
        "[1, 2, 3][5:0:-1] # [3, 2]",
        "'abc'[-1] # c",
        "2 * [1] # [1, 1]",
        "['ab', 'b']|join('-') # ab-b",
        "'a\\n\\nb'|indent(2, true, true)|tojson # \"  a\\n  \\n  b\"",
        "'a\\n\\nb'|indent|tojson # \"a\\n\\n    b\"",
        "'<a>'|escape # &lt;a&gt;",
        "[[1]] == [[1.0]] # True",
        "{}[[1]] is defined # False"
      })
  void rendersExpressionsAsJinja(String expression, String rendered) {
    assertThat(template("{{ " + expression + " }}").render(HELLO, false)).isEqualTo(rendered);
  }

  @Test
  void goesDownWithARecursiveLoop() {
    String source =
        "{% for x in [[1, [2]], 3] recursive %}{{ loop.depth }}:"
            + "{{ loop(x) if x is not number else x }};{% endfor %}";
    assertThat(template(source).render(HELLO, false)).isEqualTo("1:2:1;2:3:2;;;1:3;");
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
        "{{ messages.99999999999999999999 }}",
        "{{ messages.'a' }}",
        "{{ 1 is 2 }}",
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
        "{% for x in [1] %}{{ loop.cycle() }}{% endfor %}",
        "{{ range(1, 2, 0) }}",
        "{{ [1] in {'a': 1} }}",
        "{{ {'a': 1}.get([1]) }}",
        "{{ [1, 'a'] | sort }}"
      })
  void refusesWhatATemplateMustNotDo(String source) {
    assertThatThrownBy(() -> template(source).render(HELLO, true))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageStartingWith("The chat template fails in line 1: ");
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
