package dev.loquat.internal.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.quantization.ConversionReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A pipeline as one of its users sees it. What it tells of memory is the whole pipeline's. */
final class Lane implements Backend {
  private final Backend pipeline;
  private final Lanes lanes;
  private final List<LaneSession> sessions = new ArrayList<>();
  private boolean closed;

  Lane(Backend pipeline, Lanes lanes) {
    this.pipeline = pipeline;
    this.lanes = lanes;
  }

  @Override
  public EffectivePrecision precision() {
    return pipeline.precision();
  }

  @Override
  public Precision cachePrecision() {
    return pipeline.cachePrecision();
  }

  @Override
  public Optional<ConversionReport> conversion() {
    return pipeline.conversion();
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    if (closed) {
      throw new IllegalStateException("The backend is closed; open the model again");
    }
    LaneSession session = new LaneSession(pipeline.openSession(layout), sessions::remove);
    sessions.add(session);
    return session;
  }

  @Override
  public long allocatedBytes() {
    return closed ? lanes.leftBytes() : pipeline.allocatedBytes();
  }

  @Override
  public OwnedMemory ownedMemory() {
    return closed ? OwnedMemory.NONE : pipeline.ownedMemory();
  }

  @Override
  public void emptyCache() {
    pipeline.emptyCache();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      List.copyOf(sessions).forEach(LaneSession::close);
    } finally {
      lanes.leave(this);
    }
  }
}
