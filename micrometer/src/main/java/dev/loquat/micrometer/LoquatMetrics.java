package dev.loquat.micrometer;

import dev.loquat.Model;
import dev.loquat.memory.LeakCheck;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.StepReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of one model at a time: a listener for {@link dev.loquat.ModelLoader#onEvents}, whose
 * binder registers them once the model is loaded. When the model is closed its gauges are removed
 * and nothing more is counted, so that a model that is loaded in its place can be bound; for models
 * that are open at the same time, use one of these for each.
 *
 * <p>All have the tags {@code model}, {@code backend} and {@code device}:
 *
 * <ul>
 *   <li>timers {@code loquat.generation} (tag {@code finish}: the finish reason, {@code failed}, or
 *       {@code complete} for a beam search or scoring that came to its end), {@code loquat.queued},
 *       {@code loquat.first.token}, {@code loquat.inter.token} and {@code loquat.step};
 *   <li>counters {@code loquat.tokens.prompt}, {@code loquat.tokens.cached}, {@code
 *       loquat.tokens.new}, {@code loquat.failures}, {@code loquat.steps.failed}, {@code
 *       loquat.drafts.failed} (generations that go on without their draft model) and {@code
 *       loquat.refused} (calls that found the queue full);
 *   <li>gauges {@code loquat.batch.occupancy} (0 to 1), {@code loquat.sequences.waiting} and {@code
 *       loquat.device.bytes} (not a number until the first step, or if the backend can't tell).
 * </ul>
 *
 * <p>Percentiles and histograms of the timers are the registry's, set by a {@code MeterFilter}.
 * Times from token to token are recorded when their generation ends, on the engine's thread.
 *
 * <p>Safe for use by several threads.
 */
public final class LoquatMetrics implements EngineListener {
  private final Map<ModelMeters, WeakReference<Model>> bound = new ConcurrentHashMap<>();
  private final AtomicInteger replicas = new AtomicInteger();

  /** Creates it; it counts nothing until its binder was bound to a registry. */
  public LoquatMetrics() {}

  /**
   * What registers the meters; it may be bound to several registries.
   *
   * @param model the model that this listens to; its gauges don't keep it from being collected
   * @param tags further tags; one named model, backend or device takes the place of that
   * @return the binder
   */
  public MeterBinder binder(Model model, Tag... tags) {
    Tags all =
        Tags.of(
                "model", model.info().source().toString(),
                "backend", model.info().backend(),
                "device", model.info().device().toString())
            .and(tags);
    return registry -> bind(registry, all, model);
  }

  private void bind(MeterRegistry registry, Tags tags, Model model) {
    if (!bound.values().stream().allMatch(other -> other.refersTo(model))) {
      throw new IllegalStateException(
          "These metrics count another model, which is open. Close that first, or load each model"
              + " with a LoquatMetrics of its own.");
    }
    bound.put(new ModelMeters(registry, tags, model), new WeakReference<>(model));
  }

  @Override
  public void onStep(StepReport step) {
    meters().forEach(meters -> meters.count(step));
  }

  @Override
  public void onGeneration(GenerationReport generation) {
    meters().forEach(meters -> meters.count(generation));
  }

  @Override
  public void onDraftFailure(RuntimeException cause) {
    meters().forEach(ModelMeters::countFailedDraft);
  }

  @Override
  public void onQueueFull() {
    meters().forEach(ModelMeters::countFullQueue);
  }

  /** All replicas of a model are counted together, until the last has ended. */
  @Override
  public EngineListener forReplica(int replica) {
    replicas.incrementAndGet();
    return this;
  }

  @Override
  public void onClose(LeakCheck left) {
    if (replicas.updateAndGet(open -> Math.max(0, open - 1)) == 0) {
      meters().forEach(ModelMeters::close);
      bound.clear();
    }
  }

  private Set<ModelMeters> meters() {
    return bound.keySet();
  }
}
