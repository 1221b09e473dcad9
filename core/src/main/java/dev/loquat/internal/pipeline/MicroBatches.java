package dev.loquat.internal.pipeline;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.device.DeviceMap;

/**
 * Into how many micro-batches a step is divided.
 *
 * <p>With s stages on as many devices and m micro-batches a step takes the time of m + s - 1
 * micro-batches on one stage, each of which reads the stage's weights and computes its tokens with
 * them. Where reading weights takes as long as computing w tokens, m micro-batches of n tokens
 * together take (m + s - 1)(w + n / m), which is least for m = sqrt((s - 1) n / w). Stages on one
 * device have nothing to gain: what one computes at the same time it takes from the other.
 *
 * @param stages how many stages there are
 * @param devices how many devices of the machine they lie on
 * @param lanes how many steps are under way at once; with several, stages are busy with those of
 *     others, and a step is divided only where the caller says so
 * @param fixed the number, if the caller chose one, otherwise {@link DeviceMap#BY_STEP}
 */
record MicroBatches(int stages, int devices, int lanes, int fixed) {
  /** Tokens computed in the time that weights are read: 9 measured with SmolLM2 on two cores. */
  private static final int WEIGHT_PASS_TOKENS = 9;

  /** Logits of divided steps are copied; where there are more rows, that takes too much memory. */
  private static final int MAX_COPIED_ROWS = 64;

  /** Whether stages compute at the same time at all. */
  boolean computeTogether() {
    return stages > 1 && (lanes > 1 || divideSteps());
  }

  private boolean divideSteps() {
    return fixed == DeviceMap.BY_STEP ? devices > 1 && lanes == 1 : fixed > 1;
  }

  int of(ForwardBatch batch) {
    if (stages == 1 || !divideSteps() || batch.logitsRows() > MAX_COPIED_ROWS) {
      return 1;
    }
    return fixed == DeviceMap.BY_STEP ? bySize(batch.tokens()) : Math.min(fixed, batch.tokens());
  }

  private int bySize(int tokens) {
    double best = Math.sqrt((devices - 1.0) * tokens / WEIGHT_PASS_TOKENS);
    return (int) Math.max(1, Math.min(best, DeviceMap.MAX_MICRO_BATCHES));
  }
}
