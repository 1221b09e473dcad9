package dev.loquat.benchmarks.parity;

import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.Truncation;
import java.util.Map;

/** The options of sampling under the names that reference files give them. */
final class SamplingFilters {

  private SamplingFilters() {}

  static SamplingOptions options(Map<String, Double> filters) {
    SamplingOptions options = SamplingOptions.multinomial();
    for (Map.Entry<String, Double> filter : filters.entrySet()) {
      options = with(options, filter.getKey(), filter.getValue());
    }
    return options;
  }

  private static SamplingOptions with(SamplingOptions options, String name, double value) {
    Truncation truncation = options.truncation();
    Penalties penalties = options.penalties();
    return switch (name) {
      case "temperature" -> options.withTemperature(value);
      case "topK" -> options.withTruncation(truncation.withTopK((int) value));
      case "topP" -> options.withTruncation(truncation.withTopP(value));
      case "minP" -> options.withTruncation(truncation.withMinP(value));
      case "typicalP" -> options.withTruncation(truncation.withTypicalP(value));
      case "repetitionPenalty" -> options.withPenalties(penalties.withRepetition(value));
      case "noRepeatNgramSize" -> options.withPenalties(penalties.withNoRepeatNgram((int) value));
      default ->
          throw new IllegalArgumentException(
              "The reference has a filter '"
                  + name
                  + "'; expected temperature, topK, topP, minP, typicalP, repetitionPenalty or"
                  + " noRepeatNgramSize");
    };
  }
}
