package dev.loquat.internal.pipeline;

import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.WiderWeights;
import dev.loquat.quantization.ConversionReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the stages tell of themselves, put together. */
final class StageReports {
  private StageReports() {}

  /** The first stage's; what others hold otherwise is named by its layers. */
  static EffectivePrecision precision(List<Stage> stages) {
    EffectivePrecision first = stages.get(0).backend().precision();
    List<WiderWeights> wider =
        stages.stream().flatMap(stage -> differing(stage, first)).distinct().toList();
    return new EffectivePrecision(
        first.requested(), first.storage(), first.compute(), first.reason(), wider);
  }

  private static Stream<WiderWeights> differing(Stage stage, EffectivePrecision first) {
    EffectivePrecision own = stage.backend().precision();
    Stream<WiderWeights> layers =
        own.storage() == first.storage()
            ? Stream.of()
            : Stream.of(new WiderWeights("layers " + stage.layers(), own.storage()));
    return Stream.concat(layers, own.wider().stream());
  }

  /** The sum of all; its origin is the one that took longest to come by. */
  static Optional<ConversionReport> conversion(List<Stage> stages) {
    List<ConversionReport> reports =
        stages.stream().flatMap(stage -> stage.backend().conversion().stream()).toList();
    return reports.stream()
        .map(ConversionReport::origin)
        .max(ConversionReport.Origin::compareTo)
        .map(origin -> sum(origin, reports));
  }

  private static ConversionReport sum(
      ConversionReport.Origin origin, List<ConversionReport> reports) {
    return new ConversionReport(
        origin,
        reports.stream().mapToLong(ConversionReport::bytes).sum(),
        reports.stream().map(ConversionReport::duration).reduce(Duration.ZERO, Duration::plus),
        reports.stream()
            .map(ConversionReport::note)
            .filter(note -> !note.isEmpty())
            .distinct()
            .collect(Collectors.joining("; ")));
  }
}
