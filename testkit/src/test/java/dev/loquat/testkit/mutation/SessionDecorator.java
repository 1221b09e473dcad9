package dev.loquat.testkit.mutation;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import java.time.Duration;
import java.util.Optional;

/** A right session, to be spoilt by overriding one method. */
public class SessionDecorator implements DecoderSession {
  private final DecoderSession right;

  protected SessionDecorator(DecoderSession right) {
    this.right = right;
  }

  @Override
  public CacheLayout layout() {
    return right.layout();
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    return right.forward(batch);
  }

  @Override
  public Logits forward(ForwardBatch batch, HiddenStates hidden) {
    return right.forward(batch, hidden);
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    right.copySlot(from, to, tokens);
  }

  @Override
  public void clearSlot(int slot) {
    right.clearSlot(slot);
  }

  @Override
  public long slotBytes(int slot) {
    return right.slotBytes(slot);
  }

  @Override
  public boolean batchesLongRows() {
    return right.batchesLongRows();
  }

  @Override
  public Optional<Duration> deviceTime() {
    return right.deviceTime();
  }

  @Override
  public void close() {
    right.close();
  }
}
