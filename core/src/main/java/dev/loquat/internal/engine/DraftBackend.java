package dev.loquat.internal.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.internal.speculation.DraftModel;

/**
 * A loaded model that drafts for another.
 *
 * @param backend the model
 * @param vocabularySize the width of a row of its logits
 * @param contextLength the most tokens of a sequence that it can draft for
 */
public record DraftBackend(Backend backend, int vocabularySize, int contextLength) {

  /** Opens a session with as many slots as the other model's. */
  DraftModel open(EngineSettings settings, CacheLayout layout) {
    int context = Math.min(contextLength, layout.contextLength());
    return new DraftModel(
        backend.openSession(new CacheLayout(layout.slots(), context)),
        vocabularySize,
        Math.min(vocabularySize, settings.vocabularySize()),
        settings.limits().stepTokens());
  }
}
