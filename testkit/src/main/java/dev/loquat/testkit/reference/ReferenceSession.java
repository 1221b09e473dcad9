package dev.loquat.testkit.reference;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A KV cache for every slot, and one token after another. */
final class ReferenceSession implements DecoderSession {
  private final ReferenceDecoder decoder;
  private final CacheLayout layout;
  private final List<SequenceCache> slots;
  private boolean closed;

  ReferenceSession(ReferenceDecoder decoder, CacheLayout layout) {
    this.decoder = decoder;
    this.layout = layout;
    slots = new ArrayList<>(Stream.generate(decoder::newCache).limit(layout.slots()).toList());
  }

  @Override
  public CacheLayout layout() {
    return layout;
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    requireWhole();
    batch.requireFits(layout, decoder.vocabularySize());
    batch.rows().forEach(this::requireNoGap);
    List<double[]> logits = batch.rows().stream().flatMap(this::run).toList();
    return new WideLogits(logits, decoder.vocabularySize());
  }

  @Override
  public Logits forward(ForwardBatch batch, HiddenStates hidden) {
    requireOpen();
    batch.requireFits(layout, decoder.vocabularySize());
    hidden.requireFits(batch, decoder.hiddenSize());
    batch.rows().forEach(this::requireNoGap);
    FloatBuffer numbers = hidden.memory().asFloatBuffer(); // [tokens, hidden]
    List<double[]> logits = batch.rows().stream().flatMap(row -> run(row, numbers)).toList();
    return new WideLogits(logits, decoder.vocabularySize());
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    requireOpen();
    layout.requireCopy(from, to, tokens);
    if (tokens > slots.get(from).positions()) {
      throw new IllegalArgumentException(
          tokens + " tokens; slot " + from + " has " + slots.get(from).positions());
    }
    slots.set(to, slots.get(from).prefix(tokens));
  }

  @Override
  public void clearSlot(int slot) {
    requireOpen();
    layout.requireSlot(slot);
    slots.set(slot, decoder.newCache());
  }

  @Override
  public long slotBytes(int slot) {
    requireOpen();
    layout.requireSlot(slot);
    return slots.get(slot).bytes();
  }

  @Override
  public void close() {
    closed = true;
    slots.clear();
  }

  long cacheBytes() {
    return slots.stream().mapToLong(SequenceCache::bytes).sum();
  }

  private Stream<double[]> run(ForwardRow row) {
    SequenceCache cache = slots.get(row.slot());
    cache.truncate(row.firstPosition());
    List<double[]> logits =
        IntStream.range(0, row.length())
            .mapToObj(index -> decoder.step(row.token(index), cache))
            .toList();
    return logits.stream().skip(row.length() - row.logitsCount());
  }

  /** The logits that the row wants; takes its hidden states, and leaves others in their place. */
  private Stream<double[]> run(ForwardRow row, FloatBuffer numbers) {
    SequenceCache cache = slots.get(row.slot());
    cache.truncate(row.firstPosition());
    List<double[]> states =
        IntStream.range(0, row.length())
            .mapToObj(index -> run(row.token(index), numbers, cache))
            .toList();
    return decoder.range().isLastStage()
        ? states.stream().skip(row.length() - row.logitsCount()).map(decoder::logits)
        : Stream.of();
  }

  private double[] run(int token, FloatBuffer numbers, SequenceCache cache) {
    int place = numbers.position();
    double[] x = decoder.range().isFirstStage() ? decoder.embed(token) : read(numbers);
    decoder.run(x, cache);
    numbers.position(place);
    for (double number : x) {
      numbers.put((float) number);
    }
    return x;
  }

  private double[] read(FloatBuffer numbers) {
    double[] x = new double[decoder.hiddenSize()];
    for (int i = 0; i < x.length; i++) {
      x[i] = numbers.get();
    }
    return x;
  }

  private void requireWhole() {
    requireOpen();
    if (!decoder.range().isWhole()) {
      throw new IllegalStateException(
          "The session is of a part of the model; give it hidden states, too");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The session is closed; open another one");
    }
  }

  private void requireNoGap(ForwardRow row) {
    int positions = slots.get(row.slot()).positions();
    if (row.firstPosition() > positions) {
      throw new IllegalArgumentException(
          "The row of slot "
              + row.slot()
              + " starts at position "
              + row.firstPosition()
              + "; the slot has "
              + positions
              + " positions so far");
    }
  }
}
