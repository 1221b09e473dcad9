package dev.loquat.testkit.mutation;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.memory.OwnedMemory;

/** A right backend, to be spoilt by overriding one method. */
public class BackendDecorator implements Backend {
  private final Backend right;

  public BackendDecorator(Backend right) {
    this.right = right;
  }

  @Override
  public EffectivePrecision precision() {
    return right.precision();
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    return right.openSession(layout);
  }

  @Override
  public long allocatedBytes() {
    return right.allocatedBytes();
  }

  @Override
  public OwnedMemory ownedMemory() {
    return right.ownedMemory();
  }

  @Override
  public void emptyCache() {
    right.emptyCache();
  }

  @Override
  public void close() {
    right.close();
  }
}
