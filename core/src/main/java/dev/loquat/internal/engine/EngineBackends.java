package dev.loquat.internal.engine;

import dev.loquat.backend.Backend;
import dev.loquat.memory.OwnedMemory;
import java.util.Optional;

/**
 * The loaded models of an engine. Owns them.
 *
 * @param model the model that generates
 * @param draft the model that drafts for it; empty for none
 * @param neighbours the engines that share the models' memory, this one included once it runs
 */
public record EngineBackends(
    Backend model, Optional<DraftBackend> draft, CacheNeighbours neighbours)
    implements AutoCloseable {

  /**
   * The loaded models of an engine that shares their memory with no other.
   *
   * @param model the model that generates
   * @param draft the model that drafts for it; empty for none
   */
  public EngineBackends(Backend model, Optional<DraftBackend> draft) {
    this(model, draft, new CacheNeighbours());
  }

  /**
   * The bytes that both take on the device.
   *
   * @return 0 or more
   */
  public long allocatedBytes() {
    return model.allocatedBytes() + draft.map(d -> d.backend().allocatedBytes()).orElse(0L);
  }

  /**
   * What of that is for what.
   *
   * @return the sums of both; unknown where one doesn't tell
   */
  public OwnedMemory ownedMemory() {
    OwnedMemory own = model.ownedMemory();
    return draft.map(d -> own.plus(d.backend().ownedMemory())).orElse(own);
  }

  /** Has both give back what they keep for reuse. */
  void emptyCache() {
    model.emptyCache();
    draft.ifPresent(d -> d.backend().emptyCache());
  }

  /** Closes both. */
  @Override
  public void close() {
    try (model) {
      draft.ifPresent(d -> d.backend().close());
    }
  }
}
