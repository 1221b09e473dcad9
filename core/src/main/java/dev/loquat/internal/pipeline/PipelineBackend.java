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
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A model in stages. Owns their backends and threads.
 *
 * <p>Unlike other backends, safe for use by several threads, but for closing: all that a stage does
 * is done by its thread. Each session is confined as usual.
 */
final class PipelineBackend implements Backend {
  private final List<Stage> stages;
  private final ModelWidth width;
  private final MicroBatches microBatches;
  private final List<PipelineSession> sessions = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** Takes the stages over. */
  PipelineBackend(List<Stage> stages, ModelWidth width, MicroBatches microBatches) {
    this.stages = List.copyOf(stages);
    this.width = width;
    this.microBatches = microBatches;
  }

  @Override
  public EffectivePrecision precision() {
    return StageReports.precision(stages);
  }

  /** One device may hold them wider than another; the first stage's is told. */
  @Override
  public Precision cachePrecision() {
    return stages.get(0).backend().cachePrecision();
  }

  @Override
  public Optional<ConversionReport> conversion() {
    return StageReports.conversion(stages);
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    if (closed) {
      throw new IllegalStateException("The backend is closed; open the model again");
    }
    PipelineSession session =
        new PipelineSession(openStages(layout), layout, width, microBatches, sessions::remove);
    sessions.add(session);
    return session;
  }

  /** Opens all stages' sessions or none. */
  private List<StageSession> openStages(CacheLayout layout) {
    List<StageSession> opened = new ArrayList<>();
    try {
      for (Stage stage : stages) {
        Together.run(
            List.of(stage),
            Stage::thread,
            (i, next) ->
                opened.add(new StageSession(next.thread(), next.backend().openSession(layout))));
      }
      return opened;
    } catch (RuntimeException | Error e) {
      Together.run(opened, StageSession::thread, (i, stage) -> stage.session().close());
      throw e;
    }
  }

  @Override
  public long allocatedBytes() {
    return stages.stream().mapToLong(stage -> stage.memory().allocatedBytes()).sum()
        + bytesBetweenStages();
  }

  @Override
  public OwnedMemory ownedMemory() {
    OwnedMemory ofStages =
        stages.stream()
            .map(stage -> stage.memory().owned())
            .reduce(OwnedMemory.NONE, OwnedMemory::plus);
    return stages.stream().anyMatch(PipelineBackend::tellsNothing)
        ? OwnedMemory.UNTOLD
        : ofStages.plus(new OwnedMemory(0, 0, bytesBetweenStages(), 0));
  }

  private static boolean tellsNothing(Stage stage) {
    return stage.memory().owned().equals(OwnedMemory.UNTOLD);
  }

  private long bytesBetweenStages() {
    return sessions.stream().mapToLong(PipelineSession::byteLength).sum();
  }

  @Override
  public void emptyCache() {
    Together.run(stages, Stage::thread, (i, stage) -> stage.backend().emptyCache());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      List.copyOf(sessions).forEach(PipelineSession::close);
    } finally {
      try {
        Together.run(stages, Stage::thread, (i, stage) -> stage.backend().close());
      } finally {
        stages.forEach(stage -> stage.thread().close());
      }
    }
  }
}
