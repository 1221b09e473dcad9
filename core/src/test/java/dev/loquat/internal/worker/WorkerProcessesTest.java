package dev.loquat.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WorkerProcessesTest {
  private static final String FOLDER = "loquat.test.folder";
  private static final WorkerTerms TERMS = RecordCodecTest.terms("model");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  /** One that was ended may take a moment to go; one that was not never goes. */
  @AfterEach
  void noProcessIsLeft() throws Exception {
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      assertThat(child.onExit().get(1, TimeUnit.MINUTES).isAlive()).isFalse();
    }
  }

  /** Has a file from when it is told something until its line has ended. */
  static final class Tidy {
    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(System.getProperty(FOLDER), "" + ProcessHandle.current().pid());
      ByteBuffer buffer = ByteBuffer.allocate(1);
      try (SocketChannel channel =
          SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])))) {
        int length = channel.read(buffer);
        Files.createFile(file);
        while (length >= 0) {
          length = channel.read(buffer.clear());
        }
      }
      Files.delete(file);
    }
  }

  private WorkerProcesses processes() {
    return processes(Tidy.class);
  }

  private WorkerProcesses processes(Class<?> main) {
    return new WorkerProcesses(
        new WorkerCommand(main, List.of("-Xshare:auto", "-D" + FOLDER + "=" + folder)));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Path awaitFile() throws IOException {
    List<Path> files = files();
    while (files.isEmpty()) {
      Thread.onSpinWait();
      files = files();
    }
    return files.get(0);
  }

  private static void end(WorkerProcess process) {
    process.destroy();
    assertThat(process.await(Duration.ofMinutes(1))).isTrue();
  }

  @Test
  void whatWaitsClearsUpBeforeItIsClosed() throws IOException {
    try (WorkerProcesses processes = processes()) {
      processes.keepSpare(TERMS, Duration.ZERO);
      awaitFile();
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void whatWaitsEndsThoughNobodyWaitsForThat() throws IOException {
    try (WorkerProcesses processes = processes()) {
      processes.keepSpare(TERMS, Duration.ZERO);
      long pid = Long.parseLong("" + awaitFile().getFileName());
      ProcessHandle waiting = ProcessHandle.of(pid).orElseThrow();
      processes.requestClose();
      waiting.onExit().join();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void whatWaitsIsTakenUnderItsNewNameAndReplaced() throws IOException {
    try (WorkerProcesses processes = processes()) {
      processes.keepSpare(TERMS, Duration.ZERO);
      Path first = awaitFile();
      WorkerProcess taken = processes.next("taken");
      try {
        assertThat(first).hasFileName("" + taken.pid());
        assertThat(threads()).contains("taken-output", "taken-writer");
        assertThat(threads()).noneMatch(name -> name.startsWith("loquat-spare"));
        Files.delete(first);
        processes.keepSpare(TERMS, Duration.ZERO);
        assertThat(awaitFile()).isNotEqualTo(first);
      } finally {
        end(taken);
      }
    }
  }

  /** Leaves so many files that they are there for a while after its end. */
  static final class Littering {
    public static void main(String[] arguments) throws IOException {
      for (int i = 0; i < 5000; i++) {
        Files.createTempFile("left", "");
      }
      Tidy.main(arguments);
    }
  }

  @Test
  void whatHasJustEndedIsNotTakenThoughItsFilesAreThereYet() throws IOException {
    try (WorkerProcesses processes = processes(Littering.class)) {
      processes.keepSpare(TERMS, Duration.ZERO);
      ProcessHandle waiting =
          ProcessHandle.of(Long.parseLong("" + awaitFile().getFileName())).orElseThrow();
      assertThat(waiting.destroyForcibly()).isTrue();
      while (waiting.isAlive()) {
        Thread.onSpinWait();
      }
      WorkerProcess taken = processes.next("taken");
      try {
        assertThat(taken.pid()).isNotEqualTo(waiting.pid());
        assertThat(taken.isAlive()).isTrue();
      } finally {
        end(taken);
      }
    }
  }

  /** The first that is started connects once it is let go; all others do at once. */
  static final class FirstLate {
    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(System.getProperty(FOLDER));
      try {
        Files.createFile(folder.resolve("first"));
        while (!Files.exists(folder.resolve("go"))) {
          Thread.onSpinWait();
        }
      } catch (FileAlreadyExistsException e) {
        // The first has been here.
      }
      try (SocketChannel channel =
          SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])))) {
        while (channel.read(ByteBuffer.allocate(64)) >= 0) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @Test
  void onlyOneWaitsForWhatIsBeingStarted() throws Exception {
    try (WorkerProcesses processes = processes(FirstLate.class)) {
      processes.keepSpare(TERMS, Duration.ZERO);
      assertThat(awaitFile()).hasFileName("first");
      CompletableFuture<WorkerProcess> promised = new CompletableFuture<>();
      Thread waiting = new Thread(() -> promised.complete(processes.next("one")));
      waiting.start();
      while (waiting.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      end(processes.next("other"));
      assertThat(promised).isNotDone();
      Files.createFile(folder.resolve("go"));
      end(promised.join());
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void whatIsStartedLaterIsNotWaitedFor() {
    try (WorkerProcesses processes = processes()) {
      processes.keepSpare(TERMS, Duration.ofDays(1));
      end(processes.next("other"));
    }
  }
}
