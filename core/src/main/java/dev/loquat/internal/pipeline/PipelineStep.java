package dev.loquat.internal.pipeline;

import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One step on its way through the stages. After a failure no stage begins anything more; what runs
 * comes to its end.
 */
final class PipelineStep {
  private final List<StageSession> stages;
  private final HiddenStates hidden;
  private final GatheredLogits gathered;
  private volatile boolean failed;
  private volatile @Nullable Logits last;

  /**
   * A step that has not begun.
   *
   * @param hidden room for the hidden states of all its tokens
   * @param gathered where logits go, unless the step is in one piece
   */
  PipelineStep(List<StageSession> stages, HiddenStates hidden, GatheredLogits gathered) {
    this.stages = stages;
    this.hidden = hidden;
    this.gathered = gathered;
  }

  /**
   * Runs the parts, and waits until every stage has come to rest.
   *
   * @param copies whether logits are copied before the last stage does anything else; for several
   *     parts, and where the stage computes for others, too
   */
  Logits run(List<MicroBatch> parts, boolean copies) {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (MicroBatch part : parts) {
      ends.add(start(part, copies));
    }
    Together.await(ends);
    Logits only = last;
    return copies || only == null ? gathered : only;
  }

  private CompletableFuture<Void> start(MicroBatch part, boolean copies) {
    HiddenStates own = hidden.part(part.firstToken(), part.batch().tokens());
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (int i = 0; i < stages.size(); i++) {
      StageSession stage = stages.get(i);
      boolean isLast = i == stages.size() - 1;
      done = stage.thread().runAfter(done, () -> compute(stage, part, own, isLast, copies));
    }
    return done;
  }

  private void compute(
      StageSession stage, MicroBatch part, HiddenStates own, boolean isLast, boolean copies) {
    if (failed) {
      return;
    }
    try {
      Logits logits = stage.session().forward(part.batch(), own);
      if (isLast && copies) {
        gathered.take(part, logits);
      } else if (isLast) {
        last = logits;
      }
    } catch (Throwable e) {
      failed = true;
      throw e;
    }
  }
}
