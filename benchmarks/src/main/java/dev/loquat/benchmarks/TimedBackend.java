package dev.loquat.benchmarks;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.memory.OwnedMemory;

/** A backend whose steps a clock notes. */
record TimedBackend(Backend real, StepClock clock) implements Backend {

  @Override
  public EffectivePrecision precision() {
    return real.precision();
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    return new TimedSession(real.openSession(layout), clock);
  }

  @Override
  public long allocatedBytes() {
    return real.allocatedBytes();
  }

  @Override
  public OwnedMemory ownedMemory() {
    return real.ownedMemory();
  }

  @Override
  public void emptyCache() {
    real.emptyCache();
  }

  @Override
  public void close() {
    real.close();
  }
}
