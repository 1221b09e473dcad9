package dev.loquat.internal.engine;

import dev.loquat.backend.Backend;
import java.util.Optional;

/**
 * The loaded models of an engine. Owns them.
 *
 * @param model the model that generates
 * @param draft the model that drafts for it; empty for none
 */
public record EngineBackends(Backend model, Optional<DraftBackend> draft) implements AutoCloseable {

  /**
   * The bytes that both take on the device.
   *
   * @return 0 or more
   */
  public long allocatedBytes() {
    return model.allocatedBytes() + draft.map(d -> d.backend().allocatedBytes()).orElse(0L);
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
