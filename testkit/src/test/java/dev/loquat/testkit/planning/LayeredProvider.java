package dev.loquat.testkit.planning;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.WorkingMemory;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.testkit.mutation.ProviderDecorator;

/**
 * Weighs parts of a model: 100 bytes a layer, 50 the embedding, 150 the head; a byte for each
 * position of each layer's cache.
 */
final class LayeredProvider extends ProviderDecorator {

  @Override
  public MemoryEstimate estimate(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, PlannedUse use) {
    long ends = (range.isFirstStage() ? 50L : 0L) + (range.isLastStage() ? 150L : 0L);
    return new MemoryEstimate(
        EffectivePrecision.asRequested(options.precision()),
        100L * range.count() + ends,
        0,
        use.layout().positions() * range.count(),
        WorkingMemory.NONE,
        WorkingMemory.NONE,
        0);
  }
}
