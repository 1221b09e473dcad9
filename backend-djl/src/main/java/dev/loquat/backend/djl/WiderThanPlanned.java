package dev.loquat.backend.djl;

import dev.loquat.device.Precision;
import dev.loquat.device.WiderWeights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the matrices that stay in single precision, as 16 bits would lose something of them. */
final class WiderThanPlanned {
  private final Map<String, Integer> counts = new LinkedHashMap<>();

  /**
   * Notes one.
   *
   * @param name what it is in its layer, or "head"
   */
  void add(String name) {
    counts.merge(name, 1, Integer::sum);
  }

  /** A line for each kind. */
  List<WiderWeights> list() {
    return counts.entrySet().stream()
        .map(entry -> new WiderWeights(text(entry.getKey(), entry.getValue()), Precision.FP32))
        .toList();
  }

  private static String text(String name, int count) {
    return name.equals("head") ? name : name + " of " + count + (count == 1 ? " layer" : " layers");
  }
}
