package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.Replicas;
import dev.loquat.TextStream;
import dev.loquat.constraint.Constraint;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.error.WorkerException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.TextDelta;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.StepReport;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WorkerReplicasTest {
  private static final int CONTEXT = 512;

  private static final String HEAP_SHORTAGE =
      "The process of loquat-replica-0 has too small a Java heap: Java heap space\\. It may take"
          + " 6\\d\\.\\d MiB; give the replicas more, such as jvmOptions\\(\"-Xmx2g\"\\)\\.";

  private final CountDownLatch restarted = new CountDownLatch(1);
  private final Set<Integer> ended = ConcurrentHashMap.newKeySet();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @BeforeEach
  @AfterEach
  void noProcessAndNoSocketIsLeft() throws IOException {
    workers().forEach(worker -> worker.onExit().join());
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.filter(file -> Files.exists(file.resolve("worker")))).isEmpty();
    }
  }

  private static List<ProcessHandle> workers() {
    return ProcessHandle.current().children().toList();
  }

  private ModelLoader loader() throws IOException {
    Path checkpoint = TinyCheckpoint.llama().layers(1).contextLength(CONTEXT).writeTo(model());
    return Loquat.model(checkpoint).backend(FragileProvider.NAME);
  }

  private Replicas holding(int count) throws IOException {
    Files.createFile(hold());
    return Replicas.processes(count)
        .withoutSpare()
        .jvmOptions("-D" + FragileProvider.HOLD + "=" + hold());
  }

  private Path model() throws IOException {
    return Files.createDirectories(folder.resolve("model"));
  }

  private Path hold() {
    return folder.resolve("hold");
  }

  private EngineListener watcher() {
    return new EngineListener() {
      @Override
      public void onReplicaEnd(int replica, RuntimeException cause) {
        ended.add(replica);
      }

      @Override
      public void onReplicaRestart(int replica, Duration down) {
        restarted.countDown();
      }
    };
  }

  private static String after(String prompt, int count) {
    return StagedModels.lettersAfter(prompt, count);
  }

  @Test
  void everyKindOfCallGivesWhatOneEngineGives() throws Exception {
    List<String> prompts =
        IntStream.range(0, 12).mapToObj(i -> "prompt \ud83d\ude00 " + i).toList();
    Constraint[] constraints = {
      Constraint.regex("[abc]{3,5}"),
      Constraint.choice(List.of("yes", "no \"1\"")),
      Constraint.json()
    };
    try (Model one = loader().batch(4).load();
        Model two = loader().batch(4).replicas(Replicas.processes(2)).load()) {
      for (Model model : List.of(one, two)) {
        assertThat(model.generator().maxNewTokens(9).generate(prompts))
            .extracting(GenerationResult::text)
            .isEqualTo(prompts.stream().map(prompt -> after(prompt, 9)).toList());
      }
      Generator here = one.generator().maxNewTokens(6);
      Generator there = two.generator().maxNewTokens(6);
      assertThat(two.countTokens("abc")).isEqualTo(one.countTokens("abc"));
      assertThat(ids(there.logProbs(2).generate("abc")))
          .isEqualTo(ids(here.logProbs(2).generate("abc")));
      assertThat(there.seed(7).temperature(1.5).generate("abc").text())
          .isEqualTo(here.seed(7).temperature(1.5).generate("abc").text());
      assertThat(there.beamSearch("abc", BeamOptions.of(3)))
          .isEqualTo(here.beamSearch("abc", BeamOptions.of(3)))
          .extracting(ScoredText::text)
          .isNotEmpty();
      String text = "x".repeat(CONTEXT + 100);
      assertThat(there.score(text)).isEqualTo(here.score(text));
      for (Constraint constraint : constraints) {
        assertThat(there.constrain(constraint).generate("abc").text())
            .isEqualTo(here.constrain(constraint).generate("abc").text());
      }
      assertThat(there.stop("q", "v").generate("abc").text())
          .isEqualTo(here.stop("q", "v").generate("abc").text());
      assertThat(there.generateAsync("abc").join().text()).isEqualTo(after("abc", 6));
      try (TextStream stream = there.stream("abc")) {
        assertThat(stream.stream().map(TextDelta::text).collect(Collectors.joining()))
            .isEqualTo(after("abc", 6));
      }
      assertThat(there.generate("lone \ud83d").text())
          .isEqualTo(here.generate("lone \ud83d").text());
      two.emptyCache();
      assertThatThrownBy(() -> there.generate("y".repeat(CONTEXT)))
          .isInstanceOf(PromptTooLongException.class);
      assertThatThrownBy(() -> there.logitsProcessors((history, logits) -> {}).generate("abc"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("can't go to a replica in another process");
    }
  }

  private static List<Object> ids(GenerationResult result) {
    return List.of(result.tokenIds(), result.logProbs(), result.finishReason());
  }

  @Test
  void aKilledProcessFailsWhatRanAndIsStartedAgain() throws Exception {
    try (Model model = loader().batch(1).replicas(holding(2)).onEvents(watcher()).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      List<TextStream> held = List.of(generator.stream("one~"), generator.stream("two~"));
      List<TextStream> waiting =
          IntStream.range(0, 4).mapToObj(i -> generator.stream("waits " + i)).toList();
      awaitRunning(model, 2);
      kill(0);
      assertThatThrownBy(
              () -> {
                for (TextStream stream : held) {
                  assertThat(stream.stream().findFirst()).isEmpty();
                }
              })
          .isInstanceOf(WorkerException.class)
          .hasMessageMatching(
              "(?s)The process that ran this generation ended; generate once more, or load with"
                  + " Replicas\\.retryRunning\\(\\)\\. The process of loquat-replica-\\d \\(pid \\d+\\)"
                  + " ended with exit code 137\\. It is started again\\..*");
      restarted.await();
      Files.delete(hold());
      for (int i = 0; i < 4; i++) {
        assertThat(waiting.get(i).result().text()).isEqualTo(after("waits " + i, 5));
      }
      assertThat(ended).hasSize(1);
      assertThat(workers()).hasSize(2);
      assertThat(model.engineLoad().slots()).isEqualTo(2);
    }
  }

  private static void awaitRunning(Model model, int sequences) {
    while (model.engineLoad().runningSequences() < sequences) {
      Thread.onSpinWait();
    }
  }

  private static void kill(int index) {
    kill(workers().get(index));
  }

  private static void kill(ProcessHandle worker) {
    worker.destroyForcibly();
    worker.onExit().join();
  }

  @Test
  void aProcessWaitsToTakeThePlaceOfOneThatEnds() throws Exception {
    CountDownLatch secondEnd = new CountDownLatch(2);
    EngineListener ends =
        new EngineListener() {
          @Override
          public void onReplicaEnd(int replica, RuntimeException cause) {
            secondEnd.countDown();
          }
        };
    Path ready = folder.resolve("closed");
    Replicas replicas =
        Replicas.processes(1).jvmOptions("-D" + FragileProvider.CLOSED + "=" + ready);
    try (Model model = loader().replicas(replicas).onEvents(watcher()).onEvents(ends).load()) {
      ProcessHandle first = serving(model);
      ProcessHandle spare = another(first);
      while (!Files.exists(ready)) {
        Thread.onSpinWait();
      }
      Files.delete(ready);
      long killed = System.nanoTime();
      kill(first);
      restarted.await();
      GenerationResult now = model.generator().maxNewTokens(5).generate("now");
      Duration since = Duration.ofNanos(System.nanoTime() - killed);
      assertThat(now.text()).isEqualTo(after("now", 5));
      assertThat(now.timings().load()).isLessThan(since);
      kill(spare);
      secondEnd.await();
      assertThat(model.generator().maxNewTokens(5).generate("again").text())
          .isEqualTo(after("again", 5));
    }
  }

  @Test
  void closingOnTheThreadOfAReplicaLeavesNoProcess() throws Exception {
    CompletableFuture<Model> loaded = new CompletableFuture<>();
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    EngineListener closing =
        new EngineListener() {
          @Override
          public void onGeneration(GenerationReport generation) {
            closed.complete(loaded.join().close(Duration.ZERO));
          }
        };
    try (Model model = loader().replicas(Replicas.processes(1)).onEvents(closing).load()) {
      while (workers().size() < 2) {
        Thread.onSpinWait();
      }
      loaded.complete(model);
      var unused = model.generator().maxNewTokens(1).stream("one");
      assertThat(closed.join()).isFalse();
      workers().forEach(worker -> worker.onExit().join());
    }
  }

  @Test
  void anErrorWhereAListenerIsToldEndsTheReplicaAndHoldsNobodyUp() throws Exception {
    AtomicBoolean isFine = new AtomicBoolean();
    EngineListener failing =
        new EngineListener() {
          @Override
          public void onStep(StepReport step) {
            if (!isFine.getAndSet(true)) {
              throw new InternalError("of a test");
            }
          }
        };
    Replicas replicas = Replicas.processes(1).withoutSpare();
    try (Model model = loader().replicas(replicas).onEvents(failing).onEvents(watcher()).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      assertThatThrownBy(() -> generator.generate("one"))
          .isInstanceOf(WorkerException.class)
          .hasMessageContaining("could not be taken in: java.lang.InternalError: of a test.");
      restarted.await();
      assertThat(generator.generate("two").text()).isEqualTo(after("two", 5));
    }
  }

  /** The one that serves was the first to be started. */
  private static ProcessHandle serving(Model model) {
    assertThat(model.generator().maxNewTokens(1).generate("one").text()).isEqualTo(after("one", 1));
    return workers().stream()
        .min(Comparator.comparing(worker -> worker.info().startInstant().orElseThrow()))
        .orElseThrow();
  }

  private static ProcessHandle another(ProcessHandle one) {
    while (true) {
      Optional<ProcessHandle> other =
          workers().stream().filter(worker -> !worker.equals(one)).findFirst();
      if (other.isPresent()) {
        return other.get();
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void oneThatWaitsAndEndsIsDoneWithout() throws Exception {
    try (Model model = loader().replicas(Replicas.processes(1)).onEvents(watcher()).load()) {
      ProcessHandle first = serving(model);
      kill(another(first));
      kill(first);
      restarted.await();
      assertThat(model.generator().maxNewTokens(5).generate("now").text())
          .isEqualTo(after("now", 5));
    }
  }

  @Test
  void whatRanIsRepeatedWhereThatIsAskedFor() throws Exception {
    try (Model model =
        loader().batch(1).replicas(holding(2).retryRunning()).onEvents(watcher()).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      List<TextStream> held = List.of(generator.stream("one~"), generator.stream("two~"));
      awaitRunning(model, 2);
      kill(1);
      Files.delete(hold());
      assertThat(held.get(0).result().text()).isEqualTo(after("one~", 5));
      assertThat(held.get(1).result().text()).isEqualTo(after("two~", 5));
      restarted.await();
    }
  }

  @Test
  void aCrashInNativeCodeEndsNoOtherProcess() throws Exception {
    try (Model model =
        loader()
            .batch(1)
            .replicas(Replicas.processes(1).retryRunning())
            .onEvents(watcher())
            .load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream poison = generator.stream("poison!");
      TextStream next = generator.stream("next");
      assertThatThrownBy(poison::result)
          .isInstanceOf(WorkerException.class)
          .hasMessageStartingWith(
              "This generation was begun again, as retryRunning() asks, but its second process"
                  + " ended, too; ")
          .hasMessageContaining("ended with exit code 137")
          .hasMessageNotContaining("load with");
      assertThat(next.result().text()).isEqualTo(after("next", 5));
    }
  }

  @Test
  void aCallCanBeCancelledAndTimesOut() throws Exception {
    try (Model model = loader().batch(1).replicas(holding(1)).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      TextStream held = generator.stream("one~");
      TextStream waiting = generator.timeout(Duration.ofMillis(1)).stream("two");
      awaitRunning(model, 1);
      held.close();
      assertThat(waiting.result().finishReason()).isEqualTo(FinishReason.TIMEOUT);
      Files.delete(hold());
      assertThat(held.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(model.engineLoad()).isEqualTo(new EngineLoad(0, 0, 0, 1));
    }
  }

  @Test
  void listenersAndMemoryTellOfTheProcesses() throws Exception {
    CountDownLatch told = new CountDownLatch(2);
    EngineListener listener =
        new EngineListener() {
          @Override
          public void onGeneration(GenerationReport generation) {
            told.countDown();
          }
        };
    try (Model one = loader().batch(2).load();
        Model two = loader().batch(2).replicas(Replicas.processes(2)).onEvents(listener).load()) {
      assertThat(two.memory().at(MemoryPhase.AFTER_LOAD).orElseThrow().deviceBytes())
          .isEqualTo(2 * one.memory().at(MemoryPhase.AFTER_LOAD).orElseThrow().deviceBytes());
      two.generator().maxNewTokens(2).generate(List.of("one", "two"));
      told.await();
      assertThat(two.info().batch()).isEqualTo(4);
    }
  }

  @Test
  void anIdleProcessGivesEverythingBackThoughNobodyWaits() throws Exception {
    Path closed = folder.resolve("closed");
    Replicas replicas =
        Replicas.processes(1)
            .withoutSpare()
            .jvmOptions("-D" + FragileProvider.CLOSED + "=" + closed);
    Model model = loader().replicas(replicas).load();
    assertThat(model.close(Duration.ZERO)).isTrue();
    assertThat(closed).exists();
  }

  @Test
  void emptyingTheCacheEndsWithTheProcessThatIsAsked() throws Exception {
    try (Model model = loader().batch(1).replicas(holding(1)).load();
        TextStream held = model.generator().maxNewTokens(5).stream("one~")) {
      awaitRunning(model, 1);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread asking = new Thread(() -> failure.complete(catchThrowable(model::emptyCache)));
      asking.start();
      while (asking.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      kill(0);
      assertThat(failure.join()).isInstanceOf(WorkerException.class);
      assertThatThrownBy(held::result).isInstanceOf(WorkerException.class);
      Files.delete(hold());
    }
  }

  @Test
  void aHeapThatIsTooSmallForALoadIsATypedError() throws IOException {
    Replicas replicas =
        Replicas.processes(1)
            .withoutSpare()
            .jvmOptions("-Xmx64m", "-XX:+UseSerialGC", "-D" + FragileProvider.FILL + "=true");
    assertThatThrownBy(() -> loader().replicas(replicas).load())
        .isInstanceOf(WorkerException.class)
        .hasMessageMatching(HEAP_SHORTAGE);
  }

  @Test
  void aHeapThatIsTooSmallForAStepIsATypedError() throws IOException {
    Replicas replicas =
        Replicas.processes(1).withoutSpare().jvmOptions("-Xmx64m", "-XX:+UseSerialGC");
    try (Model model = loader().replicas(replicas).load()) {
      Generator generator = model.generator().maxNewTokens(5);
      assertThatThrownBy(() -> generator.generate("fill#"))
          .isInstanceOf(WorkerException.class)
          .hasMessageMatching(HEAP_SHORTAGE);
      assertThat(generator.generate("now").text()).isEqualTo(after("now", 5));
    }
  }

  @Test
  void aProcessThatDoesNotStartIsATypedError() throws IOException {
    Replicas replicas = Replicas.processes(2).jvmOptions("-XX:NoSuchOption");
    assertThatThrownBy(() -> loader().replicas(replicas).load())
        .isInstanceOf(WorkerException.class)
        .hasMessageContaining("ended with exit code 1 before it had connected")
        .hasMessageContaining("It printed last: Unrecognized VM option 'NoSuchOption'");
  }

  @Test
  void aProcessEndsWithTheOneThatStartedIt() throws Exception {
    loader();
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AbandonedParent.class.getName(),
                model().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      long pid = Long.parseLong(out.readLine().split(" ", 2)[0]);
      ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
      assertThat(worker.isAlive()).isTrue();
      Path temporary = temporaryFolder(worker);
      assertThat(temporary).isDirectory();
      parent.destroyForcibly();
      assertThat(worker.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
      assertThat(temporary).doesNotExist();
    } finally {
      parent.destroyForcibly();
    }
  }

  private static Path temporaryFolder(ProcessHandle worker) {
    String option = "-Djava.io.tmpdir=";
    return Stream.of(worker.info().arguments().orElseThrow())
        .filter(argument -> argument.startsWith(option))
        .map(argument -> Path.of(argument.substring(option.length())))
        .findFirst()
        .orElseThrow();
  }
}
