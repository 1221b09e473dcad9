package dev.loquat.testkit;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import java.nio.ByteBuffer;
import java.util.List;

/** The sessions of a model's parts as one, which run one after the other. */
final class SessionInParts implements DecoderSession {
  private static final float UNTOUCHED = Float.NaN;

  private final List<DecoderSession> parts;
  private final int hiddenSize;

  SessionInParts(List<DecoderSession> parts, int hiddenSize) {
    this.parts = List.copyOf(parts);
    this.hiddenSize = hiddenSize;
  }

  @Override
  public CacheLayout layout() {
    return parts.get(0).layout();
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    HiddenStates hidden = HiddenStates.allocate(batch.tokens(), hiddenSize);
    spoil(hidden);
    int last = parts.size() - 1;
    parts.subList(0, last).forEach(part -> part.forward(batch, hidden));
    return parts.get(last).forward(batch, hidden);
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    parts.forEach(part -> part.copySlot(from, to, tokens));
  }

  @Override
  public void clearSlot(int slot) {
    parts.forEach(part -> part.clearSlot(slot));
  }

  @Override
  public void close() {
    parts.forEach(DecoderSession::close);
  }

  /** What the first part gets is of no account. */
  private static void spoil(HiddenStates hidden) {
    ByteBuffer memory = hidden.memory();
    while (memory.hasRemaining()) {
      memory.putFloat(UNTOUCHED);
    }
  }
}
