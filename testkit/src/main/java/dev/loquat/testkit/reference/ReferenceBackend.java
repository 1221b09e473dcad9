package dev.loquat.testkit.reference;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.memory.OwnedMemory;
import java.util.ArrayList;
import java.util.List;

/** The reference decoder as a backend; counts weights and caches as if stored in 4 bytes. */
final class ReferenceBackend implements Backend {
  private final ReferenceDecoder decoder;
  private final Precision requested;
  private final long weightBytes;
  private final List<ReferenceSession> sessions = new ArrayList<>();
  private boolean closed;

  ReferenceBackend(ReferenceDecoder decoder, Precision requested, long weightBytes) {
    this.decoder = decoder;
    this.requested = requested;
    this.weightBytes = weightBytes;
  }

  @Override
  public EffectivePrecision precision() {
    return requested == Precision.FP32
        ? EffectivePrecision.asRequested(requested)
        : new EffectivePrecision(
            requested, Precision.FP32, Precision.FP32, "the reference never rounds");
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    if (closed) {
      throw new IllegalStateException("The backend is closed; open it again");
    }
    ReferenceSession session = new ReferenceSession(decoder, layout);
    sessions.add(session);
    return session;
  }

  @Override
  public long allocatedBytes() {
    long caches = sessions.stream().mapToLong(ReferenceSession::cacheBytes).sum();
    return closed ? 0 : weightBytes + caches;
  }

  @Override
  public OwnedMemory ownedMemory() {
    return closed
        ? OwnedMemory.NONE
        : new OwnedMemory(weightBytes, allocatedBytes() - weightBytes, 0, 0);
  }

  /** Does nothing: what is not used lies with the garbage collector. */
  @Override
  public void emptyCache() {}

  @Override
  public void close() {
    closed = true;
    sessions.forEach(ReferenceSession::close);
  }
}
