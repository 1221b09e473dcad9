package dev.loquat.internal.pipeline;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A KV cache in as many parts as there are stages. */
final class PipelineSession implements DecoderSession {
  private final List<StageSession> stages;
  private final CacheLayout layout;
  private final ModelWidth width;
  private final MicroBatches microBatches;
  private final GatheredLogits gathered;
  private final Consumer<PipelineSession> onClose;

  /** Its length is asked for by other threads, too. */
  private volatile @Nullable HiddenStates hidden;

  private boolean closed;

  /** Takes the stages' sessions over. */
  PipelineSession(
      List<StageSession> stages,
      CacheLayout layout,
      ModelWidth width,
      MicroBatches microBatches,
      Consumer<PipelineSession> onClose) {
    this.stages = List.copyOf(stages);
    this.layout = layout;
    this.width = width;
    this.microBatches = microBatches;
    this.gathered = new GatheredLogits(width.vocabulary());
    this.onClose = onClose;
  }

  @Override
  public CacheLayout layout() {
    return layout;
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    requireOpen();
    batch.requireFits(layout, width.vocabulary());
    List<MicroBatch> parts = StepDivision.of(batch, microBatches.of(batch));
    boolean copies = parts.size() > 1 || microBatches.lanes() > 1;
    if (copies) {
      gathered.prepare(batch.logitsRows());
    }
    return new PipelineStep(stages, hiddenStates(batch.tokens()), gathered).run(parts, copies);
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    requireOpen();
    layout.requireCopy(from, to, tokens);
    Together.run(
        stages, StageSession::thread, (i, stage) -> stage.session().copySlot(from, to, tokens));
  }

  @Override
  public void clearSlot(int slot) {
    requireOpen();
    layout.requireSlot(slot);
    Together.run(stages, StageSession::thread, (i, stage) -> stage.session().clearSlot(slot));
  }

  @Override
  public long slotBytes(int slot) {
    layout.requireSlot(slot);
    return stages.stream().mapToLong(stage -> stage.session().slotBytes(slot)).sum();
  }

  @Override
  public boolean batchesLongRows() {
    return stages.stream().allMatch(stage -> stage.session().batchesLongRows());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      hidden = null;
      onClose.accept(this);
      Together.run(stages, StageSession::thread, (i, stage) -> stage.session().close());
    }
  }

  /** The bytes between the stages, and those of copied logits. */
  long byteLength() {
    HiddenStates kept = hidden;
    return gathered.byteLength() + (kept == null ? 0 : kept.byteLength());
  }

  /** As many as the widest step so far had tokens. */
  private HiddenStates hiddenStates(int tokens) {
    HiddenStates kept = hidden;
    if (kept == null || kept.tokens() < tokens) {
      kept = HiddenStates.allocate(tokens, width.hidden());
      hidden = kept;
    }
    return kept;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The session is closed; open another one");
    }
  }
}
