package dev.loquat.backend.djl;

import dev.loquat.device.WiderWeights;
import java.util.List;

/**
 * What became of a checkpoint's weights.
 *
 * @param bytes what they take on the device
 * @param wider the matrices whose weights would not fit the lowering's type exactly
 */
record LoadedWeights(long bytes, List<WiderWeights> wider) {
  LoadedWeights {
    wider = List.copyOf(wider);
  }
}
