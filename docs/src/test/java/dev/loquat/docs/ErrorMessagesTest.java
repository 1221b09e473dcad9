package dev.loquat.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.Replicas;
import dev.loquat.checkpoint.hub.HubOptions;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.LayerSpan;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.error.ChatTemplateException;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.ConstraintException;
import dev.loquat.error.DeviceMapException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.DownloadException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.error.QueueFullException;
import dev.loquat.error.SamplingException;
import dev.loquat.error.TimedOutException;
import dev.loquat.error.UnsupportedModelException;
import dev.loquat.error.WorkerException;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages that docs/guide/errors.md quotes are those that callers get. */
class ErrorMessagesTest {
  private static final Page PAGE = Page.read(Repository.ROOT.resolve("docs/guide/errors.md"));

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void checkpoint() {
    quotes(CheckpointException.class, () -> Loquat.model(Path.of("/models/absent")).load());
  }

  @Test
  void unsupportedModel() throws IOException {
    Path config = TinyCheckpoint.llama().writeTo(folder).resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"llama\"", "\"bert\""));
    quotes(UnsupportedModelException.class, () -> Loquat.model(folder).load());
  }

  @Test
  void download() {
    HubOptions offline =
        new HubOptions(folder, URI.create("https://huggingface.co"), Optional.empty(), true);
    quotes(
        DownloadException.class,
        () -> Loquat.model("hf://HuggingFaceTB/SmolLM2-135M-Instruct").hub(offline).load());
  }

  @Test
  void backendUnavailable() {
    quotes(
        BackendUnavailableException.class,
        () -> Loquat.model(Loquat.TINY_MODEL).backend("djl").load());
  }

  @Test
  void deviceUnavailable() {
    quotes(
        DeviceUnavailableException.class,
        () -> Loquat.model(Loquat.TINY_MODEL).onDevice(Device.rocm(7)).load());
  }

  @Test
  void deviceMap() {
    quotes(
        DeviceMapException.class,
        () ->
            DeviceMap.manual(
                Map.of(LayerSpan.of(0, 5), Device.cpu(0), LayerSpan.of(4, 9), Device.cpu(1))));
  }

  @Test
  void outOfMemory() {
    quotes(
        OutOfMemoryException.class, () -> Loquat.model(Loquat.TINY_MODEL).memoryLimit(1000).load());
  }

  @Test
  void worker() {
    Replicas replicas = Replicas.processes(1).jvmOptions("-XX:NoSuchOption");
    quotes(WorkerException.class, () -> Loquat.model(Loquat.TINY_MODEL).replicas(replicas).load());
  }

  @Test
  void promptTooLong() {
    try (Model model = Loquat.model(Loquat.TINY_MODEL).contextLength(8).load()) {
      quotes(
          PromptTooLongException.class,
          () -> model.generator().generate("What is machine learning, and who learns?"));
    }
  }

  record Person(String name, int age) {}

  @Test
  void constraint() {
    try (Model model = Loquat.model(Loquat.TINY_MODEL).load()) {
      quotes(
          ConstraintException.class,
          () -> model.generator().maxNewTokens(2).generate("A person:", Person.class));
    }
  }

  @Test
  void modelClosed() {
    Model model = Loquat.model(Loquat.TINY_MODEL).load();
    model.close();
    quotes(ModelClosedException.class, model::emptyCache);
  }

  @Test
  void chatTemplate() throws IOException {
    Files.delete(TinyCheckpoint.llama().writeTo(folder).resolve("tokenizer_config.json"));
    try (Model model = Loquat.model(folder).load()) {
      quotes(ChatTemplateException.class, () -> model.generator().chat("Hello"));
    }
  }

  @Test
  void queueFull() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    LogitsProcessor held =
        (history, logits) -> {
          running.countDown();
          awaitUnchecked(release);
        };
    try (Model model = Loquat.model(Loquat.TINY_MODEL).batch(1).queueCapacity(1).load()) {
      Generator generator = model.generator().maxNewTokens(1);
      CompletableFuture<?> first = generator.logitsProcessors(held).generateAsync("running");
      try {
        running.await();
        CompletableFuture<?> second = generator.generateAsync("waiting");
        quotes(QueueFullException.class, () -> generator.generateAsync("refused"));
        release.countDown();
        CompletableFuture.allOf(first, second).join();
      } finally {
        release.countDown();
      }
    }
  }

  @Test
  void timedOut() {
    try (Model model = Loquat.model(Loquat.TINY_MODEL).load()) {
      quotes(
          TimedOutException.class,
          () -> model.generator().timeout(Duration.ofNanos(1)).score("The sky is blue."));
    }
  }

  @Test
  void sampling() {
    LogitsProcessor broken =
        (history, logits) -> {
          throw new IllegalStateException("no such rule");
        };
    try (Model model = Loquat.model(Loquat.TINY_MODEL).load()) {
      quotes(
          SamplingException.class,
          () -> model.generator().logitsProcessors(broken).generate("Hello"));
    }
  }

  @Test
  void namesEveryException() throws IOException {
    Path errors = Repository.ROOT.resolve("core/src/main/java/dev/loquat/error");
    try (Stream<Path> files = Files.list(errors)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Exception.java"))
              .map(name -> "`" + name.replace(".java", "") + "`")
              .toList();
      assertThat(names).hasSizeGreaterThan(10).allSatisfy(n -> assertThat(PAGE.text()).contains(n));
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void quotes(Class<? extends LoquatException> type, ThrowingCallable call) {
    LoquatException failure = catchThrowableOfType(type, call);
    assertThat(failure).as("the failure").isNotNull();
    String message =
        String.valueOf(failure.getMessage()).replace(folder.toString(), "/models/mine");
    assertThat(PAGE.blocks("text").map(Page.Block::code))
        .as("a quotation of \"%s\" in %s", message, PAGE)
        .anyMatch(quotation -> pattern(quotation).matcher(message).matches());
  }

  /** An ellipsis stands for what depends on the machine. */
  private static Pattern pattern(String quotation) {
    String regex =
        Stream.of(quotation.strip().replaceAll("\\s+", " ").split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL);
  }
}
