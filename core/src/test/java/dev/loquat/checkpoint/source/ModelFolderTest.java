package dev.loquat.checkpoint.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.hub.HubOptions;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFolderTest {
  @TempDir Path temp;

  @Test
  void takesAFolderAsItIsAndKeepsItWhenClosed() {
    ModelFolder folder = resolve(temp.toString());
    folder.close();
    assertThat(folder.folder()).isEqualTo(temp).isDirectory();
  }

  @Test
  void saysThatAFolderIsMissing() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> resolve(temp.resolve("absent").toString()))
        .withMessage(
            "%s does not exist; expected a folder with config.json, tokenizer.json and safetensors"
                + " weights.",
            temp.resolve("absent"));
  }

  @Test
  void saysWhereARelativeFolderWouldBeAndHowAHubIsAsked() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> resolve("HuggingFaceTB/SmolLM2-135M-Instruct"))
        .withMessageStartingWith(
            "HuggingFaceTB/SmolLM2-135M-Instruct (%s) does not exist;",
            Path.of("HuggingFaceTB/SmolLM2-135M-Instruct").toAbsolutePath())
        .withMessageEndingWith("write hf://HuggingFaceTB/SmolLM2-135M-Instruct.");
  }

  @Test
  void saysThatGgufIsNotSupported() throws IOException {
    Path file = Files.createFile(temp.resolve("model.gguf"));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> resolve(file.toString()))
        .withMessage(
            "%s is a GGUF file, which is not supported in this version; expected a Hugging Face"
                + " folder with config.json, tokenizer.json and safetensors weights. Take the"
                + " safetensors that it was made from.",
            file);
  }

  @Test
  void namesTheGgufFileOfAFolderWithoutOtherWeights() throws IOException {
    Path file = Files.createFile(temp.resolve("model-Q4_0.gguf"));
    Files.createFile(temp.resolve("tokenizer.json"));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> resolve(temp.toString()))
        .withMessageStartingWith("%s is a GGUF file, which is not supported", file);
    Files.createFile(temp.resolve("model.safetensors"));
    resolve(temp.toString()).close();
  }

  @Test
  void saysThatAFileIsNoFolder() throws IOException {
    Path file = Files.createFile(temp.resolve("model.safetensors"));
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> resolve(file.toString()))
        .withMessage("%s is a file; expected the folder that holds the checkpoint's files.", file);
  }

  @Test
  void copiesTheKnownFilesOfAResourceAndDeletesThemWhenClosed() throws IOException {
    write("config.json", "{}");
    write("tokenizer.json", "tokens");
    write("model.safetensors", "weights");
    write("chat_template.json", "template");
    write("pytorch_model.bin", "unsafe");
    ModelFolder folder = resolveFromClasspath("classpath:some/model");
    assertThat(folder.folder().resolve("model.safetensors")).hasContent("weights");
    assertThat(folder.folder().resolve("tokenizer.json")).hasContent("tokens");
    assertThat(folder.folder().resolve("chat_template.json")).hasContent("template");
    assertThat(folder.folder().resolve("pytorch_model.bin")).doesNotExist();
    folder.close();
    folder.close();
    assertThat(folder.folder()).doesNotExist();
  }

  @Test
  void copiesTheShardsThatTheIndexNames() throws IOException {
    write("config.json", "{}");
    write("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"x.safetensors\"}}");
    write("x.safetensors", "x");
    write("y.safetensors", "y");
    try (ModelFolder folder = resolveFromClasspath("classpath:some/model")) {
      assertThat(folder.folder().resolve("x.safetensors")).hasContent("x");
      assertThat(folder.folder().resolve("y.safetensors")).doesNotExist();
    }
  }

  @Test
  void refusesAnIndexThatLeadsOutOfTheFolderAndLeavesNothing() throws IOException {
    write("config.json", "{}");
    write("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../x.safetensors\"}}");
    TemporaryFolder folder = TemporaryFolder.create();
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> withClasspath(() -> ClasspathModel.copy("some/model", folder)))
        .withMessageContaining("expected a plain name that ends in .safetensors");
    assertThat(folder.path()).doesNotExist();
  }

  @Test
  void saysThatAResourceIsMissing() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> resolve("classpath:no/such/model"))
        .withMessage(
            "classpath:no/such/model has no config.json; add the artifact that holds the model,"
                + " or correct the path.");
  }

  @Test
  void namesTheArtifactOfTheEmbeddedModel() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> resolve("classpath:dev/loquat/models/tiny"))
        .withMessageContaining("add the dependency dev.loquat:loquat-model-tiny.");
  }

  @Test
  void asksTheCacheForHubModels() {
    assertThatExceptionOfType(DownloadException.class)
        .isThrownBy(() -> resolve("hf://owner/name"))
        .withMessageContaining("hf://owner/name@main is not in the cache " + temp.resolve("hub"));
  }

  private void write(String name, String content) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("some/model"));
    Files.writeString(folder.resolve(name), content);
  }

  private ModelFolder resolveFromClasspath(String source) throws IOException {
    return withClasspath(() -> resolve(source));
  }

  private <T> T withClasspath(Supplier<T> action) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {temp.toUri().toURL()}, null)) {
      thread.setContextClassLoader(loader);
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private ModelFolder resolve(String source) {
    HubOptions options =
        HubOptions.fromEnvironment(Map.of("HF_HOME", temp.toString(), "HF_HUB_OFFLINE", "1"));
    return ModelFolder.resolve(ModelSource.parse(source), options, DownloadListener.none());
  }
}
