package dev.loquat.benchmarks.constrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MaskCostTest {

  @Test
  void leavesWhatTheBackendTookOut() {
    MaskCost cost = new MaskCost(10, 1, 20, 3);
    assertThat(cost.share()).isEqualTo(0.1, within(1e-9));
    assertThat(cost.stepRatio()).isEqualTo(2);
  }
}
