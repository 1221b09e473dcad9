package dev.loquat.micrometer;

import dev.loquat.Model;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.StepReport;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The meters of one model: a listener for {@link dev.loquat.ModelLoader#onEvents}, whose binder
 * registers them once the model is loaded.
 *
 * <p>All have the tags {@code model}, {@code backend} and {@code device}:
 *
 * <ul>
 *   <li>timers {@code loquat.generation} (tag {@code finish}: the finish reason, {@code failed}, or
 *       {@code complete} for a beam search or scoring that came to its end), {@code loquat.queued},
 *       {@code loquat.first.token}, {@code loquat.inter.token} and {@code loquat.step};
 *   <li>counters {@code loquat.tokens.prompt}, {@code loquat.tokens.cached}, {@code
 *       loquat.tokens.new}, {@code loquat.failures}, {@code loquat.steps.failed} and {@code
 *       loquat.drafts.failed} (generations that go on without their draft model);
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
  private final List<ModelMeters> bound = new CopyOnWriteArrayList<>();

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
    return registry -> bound.add(new ModelMeters(registry, all, model));
  }

  @Override
  public void onStep(StepReport step) {
    bound.forEach(meters -> meters.count(step));
  }

  @Override
  public void onGeneration(GenerationReport generation) {
    bound.forEach(meters -> meters.count(generation));
  }

  @Override
  public void onDraftFailure(RuntimeException cause) {
    bound.forEach(ModelMeters::countFailedDraft);
  }
}
