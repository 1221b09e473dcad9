package dev.loquat.internal.planning;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.LayerSpan;
import java.util.HashMap;
import java.util.Map;

/** What spans of a model's layers take of devices on some terms; the backend is asked once each. */
final class StageCosts {
  private final Checkpoint checkpoint;
  private final BackendProvider provider;
  private final HalfPrecision half;
  private final PlanTerms terms;
  private final Map<Asked, MemoryEstimate> estimates = new HashMap<>();

  StageCosts(Checkpoint checkpoint, BackendProvider provider, HalfPrecision half, PlanTerms terms) {
    this.checkpoint = checkpoint;
    this.provider = provider;
    this.half = half;
    this.terms = terms;
  }

  int layers() {
    return checkpoint.config().layers().size();
  }

  long bytes(LayerSpan layers, Device device) {
    return NeedEstimator.onDevice(estimate(layers, device)).peakBytes();
  }

  MemoryEstimate estimate(LayerSpan layers, Device device) {
    return estimates.computeIfAbsent(new Asked(layers, device.forBackend()), this::ask);
  }

  private MemoryEstimate ask(Asked asked) {
    return provider.estimate(
        checkpoint,
        new LayerRange(asked.layers().first(), asked.layers().end(), layers()),
        new BackendOptions(
                asked.device(), terms.precision(), terms.threads(), terms.conversionCache())
            .withHalf(half)
            .withCachePrecision(terms.cachePrecision()),
        new PlannedUse(terms.layout(), terms.stepTokens()));
  }

  private record Asked(LayerSpan layers, Device device) {}
}
