package dev.loquat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepClockTest {
  private static final CacheLayout LAYOUT = new CacheLayout(2, 16);
  private static final ForwardBatch DECODE = new ForwardBatch(List.of(row(0, 1), row(1, 1)));

  private final StepClock clock = new StepClock();

  @Test
  void takesTheTimeBetweenForwardsForItsOwn() {
    forward(DECODE, 0, 90);
    forward(DECODE, 100, 190);
    forward(DECODE, 220, 900);
    assertThat(clock.ownShare()).isEqualTo(40 / 220.0, within(1e-9));
  }

  @Test
  void leavesPrefillsAndHalfEmptyStepsOut() {
    forward(DECODE, 0, 90);
    forward(DECODE, 100, 190);
    forward(new ForwardBatch(List.of(row(0, 1), row(1, 5))), 1000, 2000);
    forward(new ForwardBatch(List.of(row(1, 1))), 3000, 4000);
    forward(DECODE, 5000, 6000);
    assertThat(clock.ownShare()).isEqualTo(0.1, within(1e-9));
  }

  @Test
  void forgetsWhatWasBeforeARestart() {
    forward(DECODE, 0, 50);
    forward(DECODE, 100, 150);
    clock.restart();
    assertThat(clock.ownShare()).isEqualTo(-1);
    forward(DECODE, 1000, 1090);
    forward(DECODE, 1100, 1190);
    assertThat(clock.ownShare()).isEqualTo(0.1, within(1e-9));
  }

  @Test
  void givesTheMeanTimeOfAStep() {
    assertThat(clock.stepSeconds()).isEqualTo(-1);
    assertThat(clock.ownSeconds()).isEqualTo(-1);
    forward(DECODE, 0, 90);
    forward(DECODE, 100, 190);
    forward(DECODE, 220, 900);
    assertThat(clock.stepSeconds()).isEqualTo(110e-9, within(1e-15));
    assertThat(clock.ownSeconds()).isEqualTo(20e-9, within(1e-15));
  }

  private void forward(ForwardBatch batch, long start, long end) {
    clock.forward(batch, LAYOUT, start, end);
  }

  private static ForwardRow row(int slot, int tokens) {
    return new ForwardRow(slot, 0, new int[tokens], 1);
  }
}
