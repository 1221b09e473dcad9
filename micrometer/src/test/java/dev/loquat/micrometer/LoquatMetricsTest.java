package dev.loquat.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.error.BackendException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoquatMetricsTest {
  private static final String PROMPT = "a prompt that is longer than sixteen tokens";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LoquatMetrics metrics = new LoquatMetrics();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    TinyCheckpoint.llama().layers(1).writeTo(folder);
  }

  @Test
  void countsGenerationsTokensAndTimes() {
    try (Model model = load()) {
      model.generator().maxNewTokens(4).generate(PROMPT);
      model.generator().maxNewTokens(3).generate(PROMPT);
    }
    Timer generation = registry.get("loquat.generation").tag("finish", "max_new_tokens").timer();
    assertThat(generation.count()).isEqualTo(2);
    assertThat(timer("loquat.queued").count()).isEqualTo(2);
    assertThat(timer("loquat.first.token").count()).isEqualTo(2);
    assertThat(timer("loquat.inter.token").count()).isEqualTo(3 + 2);
    assertThat(timer("loquat.step").count()).isEqualTo(4 + 3);
    assertThat(count("loquat.tokens.prompt")).isEqualTo(2 * PROMPT.length());
    assertThat(count("loquat.tokens.cached")).isEqualTo(PROMPT.length() - 1);
    assertThat(count("loquat.tokens.new")).isEqualTo(4 + 3);
    assertThat(count("loquat.failures")).isZero();
  }

  @Test
  void countsFailures() {
    try (Model model = load()) {
      assertThatThrownBy(() -> model.generator().generate("fail!"))
          .isInstanceOf(BackendException.class);
    }
    assertThat(registry.get("loquat.generation").tag("finish", "failed").timer().count()).isOne();
    assertThat(count("loquat.failures")).isOne();
    assertThat(count("loquat.steps.failed")).isOne();
    assertThat(timer("loquat.first.token").count()).isZero();
  }

  @Test
  void countsGenerationsThatGoOnWithoutDrafts() {
    try (Model model = load()) {
      model.generator().maxNewTokens(2).generate("one");
      assertThat(count("loquat.drafts.failed")).isZero();
      metrics.onDraftFailure(new BackendException("The draft model failed."));
      assertThat(count("loquat.drafts.failed")).isOne();
      assertThat(count("loquat.failures")).isZero();
    }
  }

  @Test
  void beamSearchThatCameToItsEndIsComplete() {
    try (Model model = load()) {
      model.generator().maxNewTokens(2).beamSearch("one", BeamOptions.of(2));
    }
    assertThat(registry.get("loquat.generation").tag("finish", "complete").timer().count()).isOne();
  }

  @Test
  void gaugesShowTheModelAsItIs() {
    try (Model model = load()) {
      assertThat(gauge("loquat.device.bytes")).isNaN();
      model.generator().maxNewTokens(2).generate("one");
      assertThat(gauge("loquat.batch.occupancy")).isZero();
      assertThat(gauge("loquat.sequences.waiting")).isZero();
      model.emptyCache(); // comes after the step
      assertThat(gauge("loquat.device.bytes")).isEqualTo(4 * (272 + 3 + 1));
    }
    assertThat(registry.getMeters()).noneMatch(Gauge.class::isInstance);
  }

  @Test
  void modelThatIsLoadedAgainIsCountedOnce() {
    for (int load = 0; load < 2; load++) {
      try (Model model = load()) {
        model.generator().maxNewTokens(4).generate(PROMPT);
      }
    }
    assertThat(count("loquat.tokens.new")).isEqualTo(4 + 4);
  }

  @Test
  void secondModelBesideTheFirstIsRefused() {
    try (Model model = load();
        Model other = Loquat.model(folder).backend("scripted").load()) {
      assertThatThrownBy(() -> metrics.binder(other).bindTo(registry))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("These metrics count another model, which is open.");
      model.generator().maxNewTokens(4).generate(PROMPT);
    }
    assertThat(count("loquat.tokens.new")).isEqualTo(4);
  }

  @Test
  void countsCallsThatFindTheQueueFull() {
    try (Model model = load()) {
      metrics.onQueueFull();
      assertThat(count("loquat.refused")).isOne();
      assertThat(model.engineLoad().waitingSequences()).isZero();
    }
  }

  @Test
  void everyMeterSaysWhichModelItIsOf() {
    try (Model model = load(Tag.of("service", "chat"), Tag.of("model", "mine"))) {
      model.generator().maxNewTokens(2).generate("one");
      assertThat(registry.getMeters())
          .hasSize(15)
          .extracting(Meter::getId)
          .allMatch(id -> id.getName().startsWith("loquat."))
          .allMatch(id -> "mine".equals(id.getTag("model")))
          .allMatch(id -> "scripted".equals(id.getTag("backend")))
          .allMatch(id -> "cpu".equals(id.getTag("device")))
          .allMatch(id -> "chat".equals(id.getTag("service")));
    }
  }

  @Test
  void percentilesAreTheRegistrys() {
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public DistributionStatisticConfig configure(
                  Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder()
                    .percentiles(0.5, 0.99)
                    .build()
                    .merge(config);
              }
            });
    try (Model model = load()) {
      model.generator().maxNewTokens(8).generate("one");
    }
    assertThat(timer("loquat.inter.token").takeSnapshot().percentileValues()).hasSize(2);
  }

  private Model load(Tag... tags) {
    Model model = Loquat.model(folder).backend("scripted").batch(2).onEvents(metrics).load();
    metrics.binder(model, tags).bindTo(registry);
    return model;
  }

  private Timer timer(String name) {
    return registry.get(name).timer();
  }

  private double count(String name) {
    return registry.get(name).counter().count();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }
}
