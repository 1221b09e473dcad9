package dev.loquat.internal.pipeline;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import java.util.function.Consumer;

/** A pipeline's session, which its lane forgets when it is closed. */
final class LaneSession implements DecoderSession {
  private final DecoderSession session;
  private final Consumer<LaneSession> onClose;

  /** Takes the session over. */
  LaneSession(DecoderSession session, Consumer<LaneSession> onClose) {
    this.session = session;
    this.onClose = onClose;
  }

  @Override
  public CacheLayout layout() {
    return session.layout();
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    return session.forward(batch);
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    session.copySlot(from, to, tokens);
  }

  @Override
  public void clearSlot(int slot) {
    session.clearSlot(slot);
  }

  @Override
  public long slotBytes(int slot) {
    return session.slotBytes(slot);
  }

  @Override
  public boolean batchesLongRows() {
    return session.batchesLongRows();
  }

  @Override
  public void close() {
    onClose.accept(this);
    session.close();
  }
}
