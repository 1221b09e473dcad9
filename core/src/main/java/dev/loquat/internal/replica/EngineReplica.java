package dev.loquat.internal.replica;

import dev.loquat.generation.EngineLoad;
import dev.loquat.internal.engine.Engine;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.PreparedRequest;
import java.time.Duration;
import java.util.List;

/**
 * An engine in this JVM.
 *
 * @param engine the engine; the replica's
 */
public record EngineReplica(Engine engine) implements Replica {

  @Override
  public List<GenerationHandle> take(PreparedRequest request) {
    return engine.take(request);
  }

  @Override
  public EngineLoad load() {
    return engine.load();
  }

  @Override
  public void emptyCache() {
    engine.emptyCache();
  }

  @Override
  public boolean hasEnded() {
    return engine.hasEnded();
  }

  @Override
  public boolean isOwnThread() {
    return engine.isEngineThread();
  }

  @Override
  public void requestClose() {
    engine.requestClose();
  }

  @Override
  public boolean awaitStep(Duration patience) {
    return engine.awaitStep(patience);
  }

  @Override
  public boolean close(Duration patience) {
    requestClose();
    return engine.awaitEnd(patience);
  }
}
