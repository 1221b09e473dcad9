package dev.loquat.backend.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.CudaTimer;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.OwnedMemory;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A KV cache of a stage: a whole model, or some of its layers. */
final class DjlSession implements DecoderSession {
  private final DjlBackend backend;
  private final DecoderStage stage;
  private final CacheLayout layout;
  private final int vocabularySize;
  private final int hiddenSize;
  private final StageCache cache;
  private final Optional<CudaTimer> timer;
  private @Nullable TorchLogits last;
  private boolean closed;

  DjlSession(
      DjlBackend backend,
      DecoderStage stage,
      CacheLayout layout,
      ModelConfig config,
      MemoryLedger ledger) {
    this.backend = backend;
    this.stage = stage;
    this.layout = layout;
    this.vocabularySize = config.vocabularySize();
    this.hiddenSize = config.hiddenSize();
    this.cache = stage.openCache(layout, ledger);
    this.timer = backend.openTimer();
  }

  @Override
  public CacheLayout layout() {
    return layout;
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    requireOpen();
    requireWhole();
    prepare(batch);
    try (IValue result = run(RaggedBatch.ordered(batch))) {
      return keep(result, batch.logitsRows());
    }
  }

  @Override
  public Logits forward(ForwardBatch batch, HiddenStates hidden) {
    requireOpen();
    hidden.requireFits(batch, hiddenSize);
    prepare(batch);
    try (IValue result = run(RaggedBatch.of(batch), hidden)) {
      if (stage.range().isLastStage()) {
        return keep(result, batch.logitsRows());
      }
      write(result, hidden);
      return keep(result, 0);
    }
  }

  private void prepare(ForwardBatch batch) {
    batch.requireFits(layout, vocabularySize);
    dropLogits();
    backend.enter(batch.tokens());
    for (ForwardRow row : batch.rows()) {
      cache.ensure(row.slot(), row.endPosition());
    }
  }

  private IValue run(RaggedBatch batch, PtNDArray... hidden) {
    long start = System.nanoTime();
    timer.ifPresent(CudaTimer::start);
    IValue result = stage.forward(batch, cache, hidden);
    timer.ifPresent(CudaTimer::stop);
    backend.took(batch.tokens().length, System.nanoTime() - start);
    return result;
  }

  private IValue run(RaggedBatch batch, HiddenStates hidden) {
    if (stage.range().isFirstStage()) {
      return run(batch);
    }
    Shape shape = new Shape(hidden.tokens(), hidden.size());
    try (PtNDArray given =
        stage.module().arrays().create(hidden.memory(), shape, DataType.FLOAT32)) {
      return run(batch, given);
    }
  }

  private void write(IValue result, HiddenStates hidden) {
    for (PtNDArray states : result.toTensorArray(stage.module().arrays())) {
      try (states) {
        hidden.memory().put(states.toByteBuffer(true));
      }
    }
  }

  private Logits keep(IValue result, int rows) {
    TorchLogits logits = TorchLogits.of(stage, result, rows, vocabularySize);
    last = logits;
    return logits;
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

  /** By events on the stream that PyTorch computes on; a processor has none. */
  @Override
  public Optional<Duration> deviceTime() {
    return timer.flatMap(CudaTimer::elapsed);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    dropLogits();
    cache.close();
    timer.ifPresent(CudaTimer::close);
    backend.forget(this);
  }

  private void dropLogits() {
    if (last != null) {
      last.close();
      last = null;
    }
  }

  private void requireWhole() {
    if (!stage.range().isWhole()) {
      throw new IllegalStateException(
          "The session is of layers "
              + stage.range().first()
              + " to "
              + (stage.range().end() - 1)
              + " alone; give it hidden states, too");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The session is closed; open another one");
    }
  }
}
