package dev.loquat.micrometer;

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
import dev.loquat.error.BackendException;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import java.util.stream.IntStream;

/** The backend "scripted", which says "a" and fails at an exclamation mark. */
public final class FailingProvider implements BackendProvider {
  private final BackendProvider right =
      new ScriptedBackendProvider(
          size -> Script.answer(1, 'a'), (step, batch) -> requireCalm(batch));

  @Override
  public String name() {
    return right.name();
  }

  @Override
  public int priority(Device device) {
    return right.priority(device);
  }

  @Override
  public Support supports(Device device) {
    return right.supports(device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return right.supports(model, device, precision);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return right.open(checkpoint, options);
  }

  private static void requireCalm(ForwardBatch batch) {
    ForwardRow row = batch.rows().get(0);
    if (IntStream.range(0, row.length()).anyMatch(i -> row.token(i) == '!')) {
      throw new BackendException("'!' can't be computed.");
    }
  }
}
