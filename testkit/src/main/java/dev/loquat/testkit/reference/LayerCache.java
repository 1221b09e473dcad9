package dev.loquat.testkit.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys and values of one sequence in one layer, each {@code [positions][kvHeads * headDim]}.
 */
final class LayerCache {
  private final List<double[]> keys;
  private final List<double[]> values;

  LayerCache() {
    this(List.of(), List.of());
  }

  private LayerCache(List<double[]> keys, List<double[]> values) {
    this.keys = new ArrayList<>(keys);
    this.values = new ArrayList<>(values);
  }

  void append(double[] key, double[] value) {
    keys.add(key);
    values.add(value);
  }

  double[] key(int position) {
    return keys.get(position);
  }

  double[] value(int position) {
    return values.get(position);
  }

  int positions() {
    return keys.size();
  }

  long elements() {
    return keys.isEmpty() ? 0 : 2L * positions() * keys.get(0).length;
  }

  void truncate(int positions) {
    keys.subList(positions, keys.size()).clear();
    values.subList(positions, values.size()).clear();
  }

  LayerCache prefix(int positions) {
    return new LayerCache(keys.subList(0, positions), values.subList(0, positions));
  }
}
