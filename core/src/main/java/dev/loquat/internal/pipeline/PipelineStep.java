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

  /** Runs the parts, and waits until every stage has come to rest. */
  Logits run(List<MicroBatch> parts) {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (MicroBatch part : parts) {
      ends.add(start(part, parts.size() > 1));
    }
    Together.await(ends);
    Logits only = last;
    return parts.size() > 1 || only == null ? gathered : only;
  }

  private CompletableFuture<Void> start(MicroBatch part, boolean divided) {
    HiddenStates own = hidden.part(part.firstToken(), part.batch().tokens());
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (int i = 0; i < stages.size(); i++) {
      StageSession stage = stages.get(i);
      boolean isLast = i == stages.size() - 1;
      done = stage.thread().runAfter(done, () -> compute(stage, part, own, isLast, divided));
    }
    return done;
  }

  private void compute(
      StageSession stage, MicroBatch part, HiddenStates own, boolean isLast, boolean divided) {
    if (failed) {
      return;
    }
    try {
      Logits logits = stage.session().forward(part.batch(), own);
      if (isLast && divided) {
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
