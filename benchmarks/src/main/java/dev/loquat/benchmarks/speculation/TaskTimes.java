package dev.loquat.benchmarks.speculation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.benchmarks.Median;
import dev.loquat.generation.GenerationResult;
import java.util.ArrayList;
import java.util.List;

/** The texts of one task with and without speculation, one of each from every round. */
final class TaskTimes {
  private final List<GenerationResult> without = new ArrayList<>();
  private final List<GenerationResult> with = new ArrayList<>();

  void add(GenerationResult plain, GenerationResult speculated) {
    without.add(plain);
    with.add(speculated);
  }

  boolean sameTokens() {
    return tokens(without).equals(tokens(with));
  }

  void writeTo(ObjectNode figures) {
    GenerationResult result = with.get(0);
    double plainSeconds = medianSeconds(without);
    double speculatedSeconds = medianSeconds(with);
    figures
        .put("plainSeconds", plainSeconds)
        .put("speculatedSeconds", speculatedSeconds)
        .put("ratio", plainSeconds / speculatedSeconds)
        .put("promptTokens", result.promptTokens())
        .put("newTokens", result.newTokens())
        .put("draftedTokens", result.speculation().draftedTokens())
        .put("acceptedTokens", result.speculation().acceptedTokens())
        .put("sameTokens", sameTokens());
  }

  private static List<List<Integer>> tokens(List<GenerationResult> results) {
    return results.stream().map(GenerationResult::tokenIds).toList();
  }

  private static double medianSeconds(List<GenerationResult> results) {
    return Median.of(results, result -> result.timings().total().toNanos() / 1e9);
  }
}
