package dev.loquat.testkit.reference;

import java.util.List;
import java.util.stream.Stream;

/** The KV cache of one sequence. */
final class SequenceCache {
  private final List<LayerCache> layers;

  private SequenceCache(List<LayerCache> layers) {
    this.layers = layers;
  }

  static SequenceCache empty(int layers) {
    return new SequenceCache(Stream.generate(LayerCache::new).limit(layers).toList());
  }

  LayerCache layer(int index) {
    return layers.get(index);
  }

  /** How many positions it holds. */
  int positions() {
    return layers.get(0).positions();
  }

  /** The bytes of its keys and values, counted as if stored in 4 bytes. */
  long bytes() {
    return layers.stream().mapToLong(LayerCache::elements).sum() * Float.BYTES;
  }

  /** Forgets what stands at a position and after. */
  void truncate(int positions) {
    layers.forEach(layer -> layer.truncate(positions));
  }

  /** A copy of the first positions. */
  SequenceCache prefix(int positions) {
    return new SequenceCache(layers.stream().map(layer -> layer.prefix(positions)).toList());
  }
}
