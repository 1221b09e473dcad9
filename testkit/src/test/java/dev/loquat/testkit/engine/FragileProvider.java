package dev.loquat.testkit.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.testkit.scripted.ScriptedBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The backend "fragile", for processes of their own: answers with letters, kills its process where
 * a prompt has a '!', and does not come back from a step with a '~' as long as a file is there.
 */
public final class FragileProvider implements BackendProvider {
  static final String NAME = "fragile";

  /** Names the file that holds steps. */
  static final String HOLD = "loquat.test.hold";

  private static final long PAUSE_NANOS = 1_000_000;

  private final Optional<Path> hold = Optional.ofNullable(System.getProperty(HOLD)).map(Path::of);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public Support supports(Device device) {
    return device.equals(Device.cpu()) ? Support.yes() : Support.no("it runs on cpu only");
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return supports(device);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return new ScriptedBackend(
        checkpoint.config().vocabularySize(),
        StagedModels.letterScript(),
        (step, batch) -> beforeStep(batch));
  }

  private void beforeStep(ForwardBatch batch) {
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

  /** As a crash in native code does, no Java code runs after it. */
  private static void killSelf() {
    try {
      new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
