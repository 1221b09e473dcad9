package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.loquat.Model;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PrecisionOfModelTest extends StagedModels {

  @Test
  void autoIsReportedWithWhatItBecame() throws IOException {
    stage(StepHook.none());
    MemoryPlan plan = loader().withPrecision(Precision.AUTO).plan();
    assertThat(plan.table()).contains("AUTO: FP32").contains("processors compute in FP32");
    assertThat(plan.alternatives()).noneMatch(n -> n.precision().requested() == Precision.AUTO);
    try (Model model = loader().withPrecision(Precision.AUTO).load()) {
      EffectivePrecision precision = model.info().precision();
      assertThat(precision.requested()).isEqualTo(Precision.AUTO);
      assertThat(precision.storage()).isEqualTo(Precision.FP32);
      assertThat(precision).isEqualTo(plan.need().precision());
    }
  }

  @Test
  void tellsWhatTheKvCacheIsHeldIn() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThat(model.info().cachePrecision()).isEqualTo(Precision.FP32);
    }
  }

  @Test
  void kvCacheIsRefusedWhereNoBackendCanHoldItSo() throws IOException {
    stage(StepHook.none());
    assertThatExceptionOfType(BackendUnavailableException.class)
        .isThrownBy(() -> loader().withCachePrecision(Precision.INT8).plan())
        .withMessageContaining("in FP32 with a KV cache in INT8:")
        .withMessageContaining(
            "staged on cpu: it holds keys and values in a type of its own choice, not in INT8");
  }

  @Test
  void kvCacheHasFewPrecisionsAndPureHalfNone() throws IOException {
    stage(StepHook.none());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader().withCachePrecision(Precision.INT4))
        .withMessageStartingWith(
            "The precision of the KV cache is INT4; expected one of [FP32, FP16, INT8]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                loader()
                    .withPrecision(Precision.FP16)
                    .pureHalf()
                    .withCachePrecision(Precision.FP32)
                    .load())
        .withMessageStartingWith("pureHalf holds keys and values in FP16, too.");
  }

  @Test
  void pureHalfNeedsAHalfPrecision() throws IOException {
    stage(StepHook.none());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader().pureHalf().load())
        .withMessageStartingWith("pureHalf goes with FP16 or BF16, but the precision is FP32.");
  }

  @Test
  void pureHalfIsRefusedWhereNoBackendCan() throws IOException {
    stage(StepHook.none());
    assertThatExceptionOfType(BackendUnavailableException.class)
        .isThrownBy(() -> loader().withPrecision(Precision.BF16).pureHalf().load())
        .withMessageContaining("in BF16 throughout")
        .withMessageContaining("staged on cpu: it computes norms, softmax and logits in FP32");
  }
}
