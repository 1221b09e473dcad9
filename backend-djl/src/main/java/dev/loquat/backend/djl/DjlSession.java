package dev.loquat.backend.djl;

import ai.djl.pytorch.jni.IValue;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.OwnedMemory;
import org.jspecify.annotations.Nullable;

/** A KV cache of a model's only stage. */
final class DjlSession implements DecoderSession {
  private final DjlBackend backend;
  private final DecoderStage stage;
  private final CacheLayout layout;
  private final int vocabularySize;
  private final StageCache cache;
  private @Nullable TorchLogits last;
  private boolean closed;

  DjlSession(
      DjlBackend backend,
      DecoderStage stage,
      CacheLayout layout,
      int vocabularySize,
      MemoryLedger ledger) {
    this.backend = backend;
    this.stage = stage;
    this.layout = layout;
    this.vocabularySize = vocabularySize;
    this.cache = stage.openCache(layout, ledger);
  }

  @Override
  public CacheLayout layout() {
    return layout;
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    requireOpen();
    batch.requireFits(layout, vocabularySize);
    dropLogits();
    backend.enter();
    for (ForwardRow row : batch.rows()) {
      cache.ensure(row.slot(), row.endPosition());
    }
    try (IValue result = stage.forward(RaggedBatch.of(batch), cache)) {
      last = TorchLogits.of(result, stage.module().arrays(), batch.logitsRows(), vocabularySize);
    }
    return last;
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    requireOpen();
    layout.requireCopy(from, to, tokens);
    backend.enter();
    cache.copy(from, to, tokens);
  }

  @Override
  public void clearSlot(int slot) {
    requireOpen();
    layout.requireSlot(slot);
    backend.enter();
    cache.clear(slot);
  }

  StageCache cache() {
    return cache;
  }

  /** The bytes of the cache and of the last step's logits. */
  long allocatedBytes() {
    return cache.allocatedBytes() + (last == null ? 0 : last.byteLength());
  }

  OwnedMemory ownedMemory() {
    long cacheBytes = cache.allocatedBytes();
    return new OwnedMemory(0, cacheBytes, allocatedBytes() - cacheBytes, 0);
  }

  @Override
  public long slotBytes(int slot) {
    layout.requireSlot(slot);
    return cache.slotBytes(slot);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    dropLogits();
    cache.close();
    backend.forget(this);
  }

  private void dropLogits() {
    if (last != null) {
      last.close();
      last = null;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The session is closed; open another one");
    }
  }
}
