package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepThreadsTest {
  /** Steps of one size until a choice among three candidates is made. */
  private static final int TRYING = 12;

  @Test
  void triesOneTwoFourAndAllThreads() {
    assertThat(run(StepThreads.upTo(6), 1, 4, threads -> 1)).containsExactly(1, 2, 4, 6);
  }

  @Test
  void keepsToTheFastest() {
    StepThreads steps = StepThreads.upTo(4);
    run(steps, 1, TRYING, threads -> threads == 2 ? 5 : 9);
    assertThat(run(steps, 1, 100, threads -> 9)).containsOnly(2);
  }

  @Test
  void isNotMisledByOneSlowStep() {
    StepThreads steps = StepThreads.upTo(2);
    steps.took(1, 1_000_000);
    run(steps, 1, TRYING, threads -> threads == 1 ? 5 : 9);
    assertThat(run(steps, 1, 100, threads -> 9)).containsOnly(1);
  }

  @Test
  void choosesForEachSizeOfItsOwn() {
    StepThreads steps = StepThreads.upTo(2);
    run(steps, 1, TRYING, threads -> threads);
    run(steps, 8, TRYING, threads -> -threads);
    assertThat(run(steps, 1, 10, threads -> 1)).containsOnly(1);
    assertThat(run(steps, 8, 10, threads -> 1)).containsOnly(2);
    assertThat(run(steps, 5, 10, threads -> 1)).as("5 to 8 tokens are alike").containsOnly(2);
  }

  @Test
  void choosesAnewWhenTheMachineHasChanged() {
    StepThreads steps = StepThreads.upTo(2);
    run(steps, 1, TRYING, threads -> threads);
    List<Integer> later = run(steps, 1, 2000, threads -> 10 - threads);
    assertThat(later.get(0)).isEqualTo(1);
    assertThat(later.get(later.size() - 1)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 512})
  void computesLargeStepsWithAllThreads(int tokens) {
    assertThat(run(StepThreads.upTo(4), tokens, 50, threads -> threads)).containsOnly(4);
  }

  @Test
  void canBeOfOneMind() {
    assertThat(run(StepThreads.always(3), 1, 50, threads -> threads)).containsOnly(3);
  }

  private static List<Integer> run(
      StepThreads steps, int tokens, int count, IntToLongFunction nanos) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int threads = steps.of(tokens);
      chosen.add(threads);
      steps.took(tokens, nanos.applyAsLong(threads));
    }
    return chosen;
  }
}
