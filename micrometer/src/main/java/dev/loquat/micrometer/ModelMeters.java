package dev.loquat.micrometer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.loquat.Model;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.StepReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;

/** A model's meters in one registry. */
final class ModelMeters {
  private final Meter.MeterProvider<Timer> generation;
  private final Timer queued;
  private final Timer firstToken;
  private final Timer interToken;
  private final Timer step;
  private final Counter promptTokens;
  private final Counter cachedTokens;
  private final Counter newTokens;
  private final Counter failures;
  private final Counter failedSteps;
  private final Counter failedDrafts;
  private final Counter refused;
  private final MeterRegistry registry;
  private final List<Gauge> gauges;
  private volatile double deviceBytes = Double.NaN;

  ModelMeters(MeterRegistry registry, Tags tags, Model model) {
    generation =
        Timer.builder("loquat.generation")
            .description("From a call to its end")
            .tags(tags)
            .withRegistry(registry);
    queued = timer(registry, tags, "loquat.queued", "The wait for a slot");
    firstToken = timer(registry, tags, "loquat.first.token", "From a call to its first token");
    interToken = timer(registry, tags, "loquat.inter.token", "From one token to the next");
    step = timer(registry, tags, "loquat.step", "One step of the engine");
    promptTokens = tokens(registry, tags, "loquat.tokens.prompt", "Tokens of prompts");
    cachedTokens = tokens(registry, tags, "loquat.tokens.cached", "Those that the KV cache held");
    newTokens = tokens(registry, tags, "loquat.tokens.new", "Tokens generated");
    failures = counter(registry, tags, "loquat.failures", "Generations that failed");
    failedSteps =
        counter(registry, tags, "loquat.steps.failed", "Steps in which the backend failed");
    failedDrafts =
        counter(registry, tags, "loquat.drafts.failed", "Generations whose drafts failed");
    refused = counter(registry, tags, "loquat.refused", "Calls that found the queue full");
    this.registry = registry;
    Gauge bytes =
        Gauge.builder("loquat.device.bytes", this, it -> it.deviceBytes)
            .description("Weights, KV caches and buffers on the device, as the backend counts them")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry);
    gauges = List.of(bytes, occupancy(registry, tags, model), waiting(registry, tags, model));
  }

  private static Gauge occupancy(MeterRegistry registry, Tags tags, Model model) {
    return Gauge.builder("loquat.batch.occupancy", model, it -> it.engineLoad().occupancy())
        .description("The part of the slots that is taken")
        .tags(tags)
        .register(registry);
  }

  private static Gauge waiting(MeterRegistry registry, Tags tags, Model model) {
    return Gauge.builder(
            "loquat.sequences.waiting", model, it -> it.engineLoad().waitingSequences())
        .description("Sequences that wait for a slot")
        .tags(tags)
        .register(registry);
  }

  /** Removes what shows a state; what was counted stays. */
  void close() {
    gauges.forEach(registry::remove);
  }

  void countFullQueue() {
    refused.increment();
  }

  void count(StepReport report) {
    step.record(report.duration());
    failedSteps.increment(report.failed() ? 1 : 0);
    deviceBytes = report.deviceBytes() < 0 ? Double.NaN : report.deviceBytes();
  }

  void count(GenerationReport report) {
    generation.withTag("finish", finish(report)).record(report.total());
    queued.record(report.queued());
    report.timeToFirstToken().ifPresent(firstToken::record);
    report.interToken().nanos().forEach(nanos -> interToken.record(nanos, NANOSECONDS));
    promptTokens.increment(report.promptTokens());
    cachedTokens.increment(report.cachedTokens());
    newTokens.increment(report.newTokens());
    failures.increment(report.failed() ? 1 : 0);
  }

  void countFailedDraft() {
    failedDrafts.increment();
  }

  private static String finish(GenerationReport report) {
    String complete = report.failed() ? "failed" : "complete";
    return report
        .finishReason()
        .map(reason -> reason.name().toLowerCase(Locale.ROOT))
        .orElse(complete);
  }

  private static Timer timer(MeterRegistry registry, Tags tags, String name, String description) {
    return Timer.builder(name).description(description).tags(tags).register(registry);
  }

  private static Counter counter(
      MeterRegistry registry, Tags tags, String name, String description) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  private static Counter tokens(
      MeterRegistry registry, Tags tags, String name, String description) {
    return Counter.builder(name)
        .description(description)
        .baseUnit("tokens")
        .tags(tags)
        .register(registry);
  }
}
