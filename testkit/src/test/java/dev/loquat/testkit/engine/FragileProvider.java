package dev.loquat.testkit.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.scripted.ScriptedBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The backend "fragile", for processes of their own: answers with letters, kills its process where
 * a prompt has a '!', fills the heap at a '#', and does not come back from a step with a '~' as
 * long as a file is there. It makes a file when it is closed.
 */
public final class FragileProvider extends ProcessorProvider {
  static final String NAME = "fragile";

  /** Names the file that holds steps. */
  static final String HOLD = "loquat.test.hold";

  /** Names the file that is made. */
  static final String CLOSED = "loquat.test.closed";

  /** Makes a load fill the heap. */
  static final String FILL = "loquat.test.fill";

  private static final long PAUSE_NANOS = 1_000_000;

  private final Optional<Path> hold = file(HOLD);
  private final Optional<Path> closed = file(CLOSED);

  /** Creates it, as services are. */
  public FragileProvider() {
    super(NAME);
  }

  private static Optional<Path> file(String property) {
    return Optional.ofNullable(System.getProperty(property)).map(Path::of);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    if (Boolean.getBoolean(FILL)) {
      fillHeap();
    }
    Backend scripted =
        new ScriptedBackend(
            checkpoint.config().vocabularySize(),
            StagedModels.letterScript(),
            (step, batch) -> beforeStep(batch));
    return new BackendDecorator(scripted) {
      @Override
      public void close() {
        super.close();
        closed.ifPresent(FragileProvider::create);
      }
    };
  }

  private static void create(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void beforeStep(ForwardBatch batch) {
    if (has(batch, '#')) {
      fillHeap();
    }
    if (has(batch, '!')) {
      killSelf();
    }
    while (has(batch, '~') && hold.filter(Files::exists).isPresent()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean has(ForwardBatch batch, char token) {
    return batch.rows().stream().anyMatch(row -> has(row, token));
  }

  private static boolean has(ForwardRow row, char token) {
    return IntStream.range(0, row.length()).anyMatch(i -> row.token(i) == token);
  }

  /** An array of 16 GiB; the processes that are to fill their heap have less. */
  private static void fillHeap() {
    Arrays.fill(new long[Integer.MAX_VALUE - Long.BYTES], 1);
  }

  /** As a crash in native code does, no Java code runs after it. */
  private static void killSelf() {
    try {
      new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
