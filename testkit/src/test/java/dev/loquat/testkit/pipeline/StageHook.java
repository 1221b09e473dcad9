package dev.loquat.testkit.pipeline;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.checkpoint.LayerRange;

/** What happens on a stage's thread before each of its steps. */
@FunctionalInterface
public interface StageHook {

  void before(LayerRange range, ForwardBatch batch);
}
