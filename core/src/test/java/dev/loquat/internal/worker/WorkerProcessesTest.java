package dev.loquat.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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

  @AfterEach
  void noProcessIsLeft() {
    assertThat(ProcessHandle.current().children()).isEmpty();
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
    return new WorkerProcesses(
        new WorkerCommand(Tidy.class, List.of("-Xshare:auto", "-D" + FOLDER + "=" + folder)));
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
