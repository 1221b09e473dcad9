package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.Replicas;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MemoryLimitTest extends StagedModels {

  @Test
  void plansWithinTheLimit() throws IOException {
    stage(StepHook.none());
    MemoryPlan plan = loader().batch(4).plan();
    assertThat(plan.fits()).isTrue();
    long needed = plan.need().neededBytes();
    assertThat(loader().batch(4).memoryLimit(needed).plan().fits()).isTrue();
    MemoryPlan tight = loader().batch(4).memoryLimit(needed - 1).plan();
    assertThat(tight.need().availableBytes()).isEqualTo(needed - 1);
    assertThat(tight.fits()).isFalse();
    assertThat(tight.largestBatch()).isEqualTo(3);
  }

  @Test
  void takesAsManySlotsAsFit() throws IOException {
    stage(StepHook.none());
    long two = loader().batch(2).plan().need().neededBytes();
    try (Model model = loader().memoryLimit(two).load()) {
      assertThat(model.info().batch()).isEqualTo(2);
    }
    try (Model model = loader().load()) {
      assertThat(model.info().batch()).isEqualTo(4);
    }
  }

  @Test
  void refusesToLoadABatchThatDoesNotFit() throws IOException {
    stage(StepHook.none());
    long needed = loader().batch(4).plan().need().neededBytes();
    loader().batch(4).memoryLimit(needed).load().close();
    ModelLoader tight = loader().batch(4).memoryLimit(needed - 1);
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(tight::load)
        .withMessage(
            "batch(4) with context 2048 in FP32 takes up to "
                + needed
                + " bytes on cpu, and memoryLimit allows "
                + (needed - 1)
                + " bytes"
                + ". What would fit: batch(3). Or have onOutOfMemory find what does.")
        .satisfies(failure -> assertThat(failure.neededBytes()).isEqualTo(needed))
        .satisfies(failure -> assertThat(failure.availableBytes()).isEqualTo(needed - 1));
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> loader().batch(1).memoryLimit(1).load())
        .withMessageContaining("Nothing would fit; choose a smaller model.");
  }

  @Test
  void tellsThatALimitIsForAllReplicasTogether() throws IOException {
    stage(StepHook.none());
    ModelLoader twice = loader().batch(4).replicas(Replicas.threads(2));
    long needed = twice.plan().need().neededBytes();
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> twice.memoryLimit(needed - 1).load())
        .withMessageStartingWith(
            "batch(4) with context 2048 in FP32, loaded 2 times, takes up to "
                + needed
                + " bytes on cpu, and memoryLimit allows "
                + (needed - 1)
                + " bytes"
                + ". ");
  }

  @Test
  void loadsWhatDoesNotFitWhereRungsMayHelp() throws IOException {
    stage(StepHook.none());
    long needed = loader().batch(4).plan().need().neededBytes();
    ModelLoader ladder =
        loader()
            .batch(4)
            .onOutOfMemory(OutOfMemoryPolicy.tryInOrder(OutOfMemoryRung.SMALLER_BATCH));
    try (Model model = ladder.memoryLimit(needed - 1).load()) {
      assertThat(model.info().batch()).isEqualTo(3);
    }
  }

  @Test
  void refusesToLoadWhatCannotFit() throws IOException {
    stage(StepHook.none());
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> loader().memoryLimit(1).load())
        .withMessageStartingWith("Not enough memory for the weights: ");
  }

  @Test
  void refusesLimitsThatNothingMeets() throws IOException {
    stage(StepHook.none());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader().memoryLimit(0))
        .withMessage("memoryLimit is 0 bytes; expected 1 or more");
  }
}
