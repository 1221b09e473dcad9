package dev.loquat.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.error.WorkerException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WorkerProcessTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

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

  private static WorkerProcess start(Class<?> main, Duration patience) {
    return WorkerProcess.start(new WorkerCommand(main, List.of("-Xshare:auto")), "w", patience);
  }

  /** Never connects. */
  static final class Silent {
    public static void main(String[] arguments) {
      while (true) {
        LockSupport.park();
      }
    }
  }

  /** Says why it ends. */
  static final class Complaining {
    public static void main(String[] arguments) {
      System.out.println("first");
      System.err.println("x".repeat(3 * WorkerOutput.KEPT) + "\nno such thing");
      System.exit(3);
    }
  }

  /** Leaves a temporary file, prints its name, connects, and waits for its end. */
  static final class Untidy {
    public static void main(String[] arguments) throws IOException {
      Path socket = Path.of(arguments[0]);
      System.out.println(Files.createTempFile(Files.createTempDirectory("some"), "left", ""));
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        int unused = channel.read(ByteBuffer.allocate(1));
      }
    }
  }

  @Test
  void aProcessThatDoesNotConnectIsEnded() {
    assertThatThrownBy(() -> start(Silent.class, Duration.ofMillis(1)))
        .isInstanceOf(WorkerException.class)
        .hasMessageStartingWith(
            "The process of w has not connected within PT0.001S and was ended. ");
  }

  @Test
  void aProcessThatEndsBeforeTellsItsLastWords() {
    assertThatThrownBy(() -> start(Complaining.class, PATIENCE))
        .isInstanceOf(WorkerException.class)
        .hasMessageMatching(
            "The process of w ended with exit code 3 before it had connected; correct the jvmOptions"
                + " of the replicas\\. It printed last: x{1900,2000}\\Rno such thing");
  }

  @Test
  void anInterruptEndsTheWaitAndTheProcess() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> start(Silent.class, PATIENCE))
        .isInstanceOf(WorkerException.class)
        .hasCauseInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatAProcessLeavesGoesWithItThoughItIsEndedByForce() throws IOException {
    WorkerProcess worker = start(Untidy.class, PATIENCE);
    try {
      assertThat(ProcessHandle.of(worker.pid()).orElseThrow().isAlive()).isTrue();
      assertThat(worker.await(Duration.ZERO)).isFalse();
    } finally {
      worker.destroy();
    }
    assertThat(worker.await(PATIENCE)).isTrue();
    Path left = Path.of(worker.lastWords().replace(" It printed last: ", ""));
    Path temporary = left.resolve("../..").normalize();
    assertThat(temporary.getFileName()).asString().startsWith("loquat-");
    assertThat(temporary).doesNotExist();
  }

  @Test
  void theCallersFolderForTemporaryFilesIsLeftAlone() throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    WorkerCommand command =
        new WorkerCommand(Untidy.class, List.of("-Xshare:auto", "-Djava.io.tmpdir=" + own));
    WorkerProcess worker = WorkerProcess.start(command, "w", PATIENCE);
    worker.destroy();
    assertThat(worker.await(PATIENCE)).isTrue();
    assertThat(own).isDirectoryRecursivelyContaining("glob:**left*");
  }
}
