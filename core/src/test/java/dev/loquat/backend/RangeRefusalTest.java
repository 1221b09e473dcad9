package dev.loquat.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.device.BeyondRange;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import org.junit.jupiter.api.Test;

class RangeRefusalTest {
  private static final float BEYOND_ALL = 3.4e38f;

  @Test
  void advisesOnlyWhatWouldLoad() {
    assertThat(message(Precision.FP16, 70_000, false, BeyondRange.REFUSE))
        .isEqualTo(
            "Tensor 'up' holds 70000.0, and FP16 ends at 65504.0. Load the model in BF16 or FP32,"
                + " or with beyondRange(WIDEN).");
    assertThat(message(Precision.FP16, BEYOND_ALL, false, BeyondRange.REFUSE))
        .endsWith("FP16 ends at 65504.0. Load the model in FP32, or with beyondRange(WIDEN).");
    assertThat(message(Precision.BF16, BEYOND_ALL, false, BeyondRange.REFUSE))
        .endsWith("BF16 ends at 3.3895314E38. Load the model in FP32, or with beyondRange(WIDEN).");
  }

  @Test
  void doesNotAdviseToWidenWherePureHalfWasAskedFor() {
    assertThat(message(Precision.FP16, 70_000, true, BeyondRange.WIDEN))
        .endsWith("Load the model in BF16 or FP32.");
  }

  private static String message(
      Precision asked, float magnitude, boolean pure, BeyondRange beyondRange) {
    BackendOptions options =
        new BackendOptions(Device.cpu(), asked, 1).withHalf(new HalfPrecision(pure, beyondRange));
    return String.valueOf(RangeRefusal.of(options, "up", magnitude).getMessage());
  }
}
