package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import dev.loquat.backend.onnx.binding.LoadedDecoder;
import dev.loquat.backend.onnx.binding.LogitsBuffer;
import dev.loquat.backend.onnx.binding.Run;
import dev.loquat.backend.onnx.binding.RunPlanner;
import dev.loquat.backend.onnx.binding.SlotMemory;
import dev.loquat.backend.onnx.binding.StepLogits;
import dev.loquat.backend.onnx.binding.StepRunner;
import dev.loquat.device.ByteFormat;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.OwnedMemory;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Steps over a KV cache of its own.
 *
 * <p>Confined to one thread at a time, as the cache is written in place.
 */
final class OnnxSession implements DecoderSession {
  private final LoadedDecoder decoder;
  private final WeightFiles files;
  private final CacheLayout layout;
  private final SlotMemory memory;
  private final LogitsBuffer logits;
  private final RunPlanner planner;
  private final StepRunner runner;
  private final Consumer<OnnxSession> onClose;
  private boolean closed;

  OnnxSession(
      LoadedDecoder decoder,
      WeightFiles files,
      CacheLayout layout,
      MemoryLedger ledger,
      Consumer<OnnxSession> onClose)
      throws OrtException {
    this.decoder = decoder;
    this.files = files;
    this.layout = layout;
    this.onClose = onClose;
    this.memory = new SlotMemory(decoder, layout, ledger);
    this.logits = new LogitsBuffer(decoder.config().vocabularySize(), decoder.path());
    this.planner = new RunPlanner(memory.cache());
    this.runner = runner(decoder, layout);
  }

  @Override
  public CacheLayout layout() {
    return layout;
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    requireOpen();
    requireWhole();
    return forward(batch, Optional.empty());
  }

  @Override
  public Logits forward(ForwardBatch batch, HiddenStates hidden) {
    requireOpen();
    hidden.requireFits(batch, decoder.config().hiddenSize());
    return forward(batch, Optional.of(hidden));
  }

  private Logits forward(ForwardBatch batch, Optional<HiddenStates> hidden) {
    batch.requireFits(layout, decoder.config().vocabularySize());
    files.requireWhole();
    try {
      return run(batch, hidden);
    } catch (OrtException e) {
      throw RuntimeFailures.failure("run a step", sizes(batch), e);
    }
  }

  private Logits run(ForwardBatch batch, Optional<HiddenStates> hidden) throws OrtException {
    memory.reserve(batch.rows().stream().mapToInt(ForwardRow::endPosition).max().orElseThrow());
    List<Run> runs = planner.plan(batch);
    StepLogits result =
        decoder.range().isLastStage()
            ? logits.prepare(runs, batch.logitsRows())
            : logits.prepare(List.of(), 0);
    runner.execute(runs, hidden);
    return new OnnxLogits(result);
  }

  /** Fused attention takes rows of several tokens one by one. */
  @Override
  public boolean batchesLongRows() {
    return false;
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    requireOpen();
    layout.requireCopy(from, to, tokens);
    try {
      memory.cache().copySlot(from, to, Math.min(tokens, memory.cache().length(from)));
    } catch (OrtException e) {
      throw RuntimeFailures.failure("copy a slot", tokens + " tokens", e);
    }
  }

  @Override
  public void clearSlot(int slot) {
    requireOpen();
    layout.requireSlot(slot);
    memory.cache().setLength(slot, 0);
  }

  @Override
  public long slotBytes(int slot) {
    layout.requireSlot(slot);
    return memory.cache().byteLength() / layout.slots();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.close();
      runner.close();
      logits.close();
      onClose.accept(this);
    }
  }

  long allocatedBytes() {
    return memory.byteLength() + logits.byteLength();
  }

  OwnedMemory ownedMemory() {
    long cacheBytes = memory.cache().byteLength();
    return new OwnedMemory(0, cacheBytes, allocatedBytes() - cacheBytes, 0);
  }

  /** Gives back what was kept for reuse. */
  void shrink() {
    logits.release();
    try {
      memory.shrink();
    } catch (OrtException e) {
      throw RuntimeFailures.failure(
          "shrink the KV cache", ByteFormat.text(allocatedBytes()) + " held", e);
    }
  }

  private StepRunner runner(LoadedDecoder decoder, CacheLayout layout) {
    try {
      return new StepRunner(decoder, memory, logits, layout.slots());
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private void requireWhole() {
    if (!decoder.range().isWhole()) {
      throw new IllegalStateException(
          "The session is of layers "
              + decoder.range().first()
              + " to "
              + (decoder.range().end() - 1)
              + " alone; give it hidden states, too");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The session is closed; open another one");
    }
  }

  private String sizes(ForwardBatch batch) {
    return batch.tokens()
        + " tokens of "
        + batch.rows().size()
        + " sequences, "
        + batch.logitsRows()
        + " rows of logits, "
        + ByteFormat.text(allocatedBytes())
        + " of cache and buffers held";
  }
}
