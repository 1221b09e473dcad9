package dev.loquat.sampling;

import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.Truncation;
import java.util.ArrayList;
import java.util.List;

/** One step between the processed logits and the draw: changes scores or drops candidates. */
interface LogitsFilter {

  /** Changes the candidates in place; keeps at least one. */
  void apply(Candidates candidates);

  /** The filters that the options ask for, in transformers' order. */
  static List<LogitsFilter> of(SamplingOptions options) {
    List<LogitsFilter> filters = new ArrayList<>();
    if (options.temperature() != 1) {
      filters.add(new Temperature(options.temperature()));
    }
    addCuts(options.truncation(), filters);
    return List.copyOf(filters);
  }

  private static void addCuts(Truncation truncation, List<LogitsFilter> filters) {
    if (truncation.topK() > 0) {
      filters.add(new TopK(truncation.topK()));
    }
    if (truncation.topP() < 1) {
      filters.add(new TopP(truncation.topP()));
    }
    if (truncation.minP() > 0) {
      filters.add(new MinP(truncation.minP()));
    }
    if (truncation.typicalP() < 1) {
      filters.add(new TypicalP(truncation.typicalP()));
    }
  }
}
