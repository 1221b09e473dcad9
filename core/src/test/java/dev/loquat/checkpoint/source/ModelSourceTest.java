package dev.loquat.checkpoint.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.loquat.checkpoint.hub.HubModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelSourceTest {

  @Test
  void readsPathsAsFolders() {
    assertThat(ModelSource.parse("models/smollm2"))
        .isEqualTo(new ModelSource.Folder(Path.of("models/smollm2")));
    assertThat(ModelSource.parse("/a b/c")).isEqualTo(new ModelSource.Folder(Path.of("/a b/c")));
  }

  @Test
  void readsResources() {
    assertThat(ModelSource.parse("classpath:dev/loquat/models/tiny"))
        .isEqualTo(new ModelSource.Classpath("dev/loquat/models/tiny"));
  }

  @Test
  void readsHubModelsWithMainAsTheDefaultRevision() {
    assertThat(ModelSource.parse("hf://HuggingFaceTB/SmolLM2-135M-Instruct"))
        .isEqualTo(
            new ModelSource.Hub(new HubModel("HuggingFaceTB", "SmolLM2-135M-Instruct", "main")));
    assertThat(ModelSource.parse("hf://a/b.c_d@refs/pr/1"))
        .isEqualTo(new ModelSource.Hub(new HubModel("a", "b.c_d", "refs/pr/1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/models/a", "classpath:models/tiny", "hf://owner/name@main"})
  void readsLikeTheTextItCameFrom(String text) {
    assertThat(ModelSource.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "https://huggingface.co/a/b",
        "hf:a/b",
        "hf://",
        "hf://a",
        "hf://a/b/c",
        "hf://a/b@",
        "hf:///b",
        "nul\0character"
      })
  void refusesOtherFormsWithAnExampleOfEach(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelSource.parse(text))
        .withMessageContaining("'" + text + "' is no model source")
        .withMessageContaining("models/smollm2")
        .withMessageContaining("classpath:dev/loquat/models/tiny")
        .withMessageContaining("hf://HuggingFaceTB/SmolLM2-135M-Instruct@main");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://../b",
        "hf://a/..",
        "hf://.a/b",
        "hf://a/b-",
        "hf://a/b--c",
        "hf://a/b..c",
        "hf://a/b c",
        "hf://a/b%2e",
        "hf://a\\b/c"
      })
  void refusesNamesThatTheHubWouldNotGive(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelSource.parse(text))
        .withMessageContaining("expected letters, digits, '-', '_' and '.', at most 96")
        .withMessageContaining("hf://HuggingFaceTB/SmolLM2-135M-Instruct");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "/x", "x/", "x//y", "x/../y", "x/.y", "a b", "a@b", "-x"})
  void refusesRevisionsThatLeadElsewhere(String revision) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelSource.parse("hf://a/b@" + revision))
        .withMessage("revision is '%s'; expected a branch, tag or commit such as 'main'", revision);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "a b", "a\\b", "C:/a"})
  void refusesResourcePathsThatLeadElsewhere(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelSource.parse("classpath:" + path))
        .withMessage(
            "'%s' is no path of resources; expected one such as classpath:dev/loquat/models/tiny",
            path);
  }

  @Test
  void readsLongResourcePaths() {
    String path = "a/".repeat(20_000) + "a";
    assertThat(ModelSource.parse("classpath:" + path)).isEqualTo(new ModelSource.Classpath(path));
  }
}
