package dev.loquat.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": {\"b\": [1, -2, [], {}], \"c\": null}, \"d\": \"\\u00e9\\ud83d\\ude00\", \"\": true}",
        "[2147483647, 2147483648, 9223372036854775808, 1e-6, 1.0, 0.1, 10000.0, 1E400, false]",
        "\"text\"",
        "null",
        "7",
        " "
      })
  void readsTheTreeThatJacksonsMapperReads(String json) throws IOException {
    assertThat(JsonTree.read(json)).isEqualTo(MAPPER.readTree(json));
    assertThat(JsonTree.readStrictly(json.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(MAPPER.readTree(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[1", "{\"a\"}", "{\"a\": }", "[1,]", "tru", "\"open", "}"})
  void refusesWhatIsMalformed(String json) {
    assertThatExceptionOfType(JsonProcessingException.class).isThrownBy(() -> JsonTree.read(json));
    assertThatExceptionOfType(JsonProcessingException.class).isThrownBy(() -> strictly(json));
  }

  @Test
  void takesTheLastOfTwoValuesAndWhatComesFirst() throws IOException {
    assertThat(JsonTree.read("{\"a\": 1, \"a\": 2} rest")).hasToString("{\"a\":2}");
  }

  @Test
  void refusesTwoValuesAndARestInAFile() {
    assertThatExceptionOfType(JsonProcessingException.class)
        .isThrownBy(() -> strictly("{\"a\": 1, \"a\": 2}"))
        .withMessageContaining("Duplicate field 'a'");
    assertThatExceptionOfType(JsonProcessingException.class)
        .isThrownBy(() -> strictly("{} {}"))
        .withMessageContaining("Something follows the value");
  }

  @Test
  void refusesDeepNestingInsteadOfOverflowingTheStack() {
    assertThatExceptionOfType(JsonProcessingException.class)
        .isThrownBy(() -> JsonTree.read("[".repeat(100_000)))
        .withMessageContaining("nesting depth");
  }

  private static void strictly(String json) throws IOException {
    var unused = JsonTree.readStrictly(json.getBytes(StandardCharsets.UTF_8));
  }
}
