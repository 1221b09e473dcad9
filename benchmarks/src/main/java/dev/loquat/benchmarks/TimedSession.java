package dev.loquat.benchmarks;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import java.time.Duration;
import java.util.Optional;

/** A session whose steps a clock notes. */
record TimedSession(DecoderSession real, StepClock clock) implements DecoderSession {

  @Override
  public CacheLayout layout() {
    return real.layout();
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    long start = System.nanoTime();
    Logits logits = real.forward(batch);
    clock.forward(batch, real.layout(), start, System.nanoTime());
    return logits;
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    real.copySlot(from, to, tokens);
  }

  @Override
  public void clearSlot(int slot) {
    real.clearSlot(slot);
  }

  @Override
  public long slotBytes(int slot) {
    return real.slotBytes(slot);
  }

  @Override
  public boolean batchesLongRows() {
    return real.batchesLongRows();
  }

  @Override
  public Optional<Duration> deviceTime() {
    return real.deviceTime();
  }

  @Override
  public void close() {
    real.close();
  }
}
