package dev.loquat.internal.planning;

import dev.loquat.device.LayerSpan;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts layers into one span for each device, so that the device that is fullest is as little full
 * as possible. Found by trying all cuts, device by device: the best way to give the first layers to
 * the first devices is part of the best way to give all.
 */
final class EvenPartition {
  private static final double IMPOSSIBLE = Double.POSITIVE_INFINITY;

  /** How full a device is with some layers; infinite if it can't hold them. */
  @FunctionalInterface
  interface Fullness {
    double of(LayerSpan layers, int device);
  }

  private final int layers;
  private final double[][] fullest; // [devices + 1][layers + 1], of the first so many of each
  private final int[][] cuts; // where the last of those devices begins

  private EvenPartition(int layers, int devices) {
    this.layers = layers;
    fullest = new double[devices + 1][layers + 1];
    cuts = new int[devices + 1][layers + 1];
    for (double[] row : fullest) {
      Arrays.fill(row, IMPOSSIBLE);
    }
    fullest[0][0] = 0;
  }

  /**
   * Cuts layers.
   *
   * @param devices how many devices, at most one for each layer
   * @return a span for each; empty if nothing fits
   */
  static Optional<List<LayerSpan>> find(int layers, int devices, Fullness fullness) {
    EvenPartition partition = new EvenPartition(layers, devices);
    for (int device = 0; device < devices; device++) {
      partition.extend(device, fullness);
    }
    return partition.spans(devices);
  }

  private void extend(int device, Fullness fullness) {
    for (int first = device; first < layers; first++) {
      if (fullest[device][first] < IMPOSSIBLE) {
        extend(device, first, fullness);
      }
    }
  }

  private void extend(int device, int first, Fullness fullness) {
    for (int end = first + 1; end <= layers; end++) {
      double full = Math.max(fullest[device][first], fullness.of(LayerSpan.of(first, end), device));
      if (full < fullest[device + 1][end]) {
        fullest[device + 1][end] = full;
        cuts[device + 1][end] = first;
      }
    }
  }

  private Optional<List<LayerSpan>> spans(int devices) {
    if (fullest[devices][layers] == IMPOSSIBLE) {
      return Optional.empty();
    }
    ArrayDeque<LayerSpan> spans = new ArrayDeque<>();
    int end = layers;
    for (int device = devices; device > 0; device--) {
      spans.addFirst(LayerSpan.of(cuts[device][end], end));
      end = cuts[device][end];
    }
    return Optional.of(List.copyOf(spans));
  }
}
