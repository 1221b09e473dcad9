package dev.loquat.sampling;

import dev.loquat.generation.SamplingOptions;
import java.util.ArrayList;
import java.util.List;

/** One step between the model's logits and the draw: changes scores or drops candidates. */
interface LogitsFilter {

  /** Changes the candidates in place; keeps at least the likeliest. */
  void apply(Candidates candidates);

  /** The filters that the options ask for, in transformers' order. */
  static List<LogitsFilter> of(SamplingOptions options) {
    List<LogitsFilter> filters = new ArrayList<>();
    if (options.temperature() != 1) {
      filters.add(new Temperature(options.temperature()));
    }
    if (options.topK() > 0) {
      filters.add(new TopK(options.topK()));
    }
    if (options.topP() < 1) {
      filters.add(new TopP(options.topP()));
    }
    return List.copyOf(filters);
  }
}
