package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Support;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoweringTest {

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16"})
  void gpusHoldAndComputeWhatIsAskedFor(Precision precision) {
    Lowering lowering = Lowering.choose(Device.cuda(0), precision, kernel -> true, false);
    assertThat(lowering.precision()).isEqualTo(EffectivePrecision.asRequested(precision));
    assertThat(lowering.kernel()).isEqualTo(LinearKernel.PLAIN);
    assertThat(lowering.activations()).isEqualTo(TorchType.of(precision));
  }

  @Test
  void processorsPackHalfPrecision() {
    Lowering lowering = Lowering.choose(Device.cpu(), Precision.FP16, kernel -> true, false);
    assertThat(lowering.kernel()).isEqualTo(LinearKernel.FP16_PACKED);
    assertThat(lowering.precision())
        .hasToString(
            "FP16 weights, FP32 compute (FP16 requested: processors multiply FP16 weights fastest"
                + " in FP32)");
  }

  @Test
  void processorsKeepWeightsOf16BitsInAsMany() {
    Lowering lowering = Lowering.choose(Device.cpu(), Precision.FP32, kernel -> true, true);
    assertThat(lowering.kernel()).isEqualTo(LinearKernel.FP16_SCALED);
    assertThat(lowering.activations()).isEqualTo(TorchType.FLOAT32);
    assertThat(lowering.largestWeight()).isEqualTo(Float.MAX_VALUE);
    assertThat(lowering.linearBytes(16, 1000, 16)).isEqualTo(16 * 1024 * 2);
    assertThat(lowering.precision())
        .hasToString(
            "FP16 weights, FP32 compute (FP32 requested: the checkpoint's weights have 16 bits, all"
                + " of whose digits are kept)");
    List<Lowering> others =
        List.of(
            Lowering.choose(Device.cpu(), Precision.FP32, kernel -> true, false),
            Lowering.choose(
                Device.cpu(), Precision.FP32, kernel -> kernel == LinearKernel.MKLDNN, true));
    assertThat(others).extracting(Lowering::kernel).containsOnly(LinearKernel.MKLDNN);
    assertThat(Lowering.choose(Device.cuda(0), Precision.FP32, kernel -> true, true).kernel())
        .isEqualTo(LinearKernel.PLAIN);
  }

  @Test
  void processorsPackIntegers() {
    Lowering lowering = Lowering.choose(Device.cpu(), Precision.INT8, kernel -> true, false);
    assertThat(lowering.kernel()).isEqualTo(LinearKernel.INT8_PACKED);
    assertThat(lowering.precision().storage()).isEqualTo(Precision.INT8);
    assertThat(lowering.linearBytes(10, 1000, 8)).isEqualTo(10 * (1024 + 12));
  }

  @Test
  void onlyProcessorsWithTheKernelHoldIntegers() {
    assertThat(Lowering.support(Device.cpu(), Precision.INT8, kernel -> true))
        .isEqualTo(Support.yes());
    assertThat(
            List.of(
                Lowering.support(Device.cpu(), Precision.INT8, kernel -> false),
                Lowering.support(Device.cuda(0), Precision.INT8, kernel -> true),
                Lowering.support(Device.cpu(), Precision.INT4_SYMMETRIC, kernel -> true)))
        .containsExactly(
            Support.no(
                "PyTorch has no kernels for INT8 on cpu; load the model in FP16 or with another"
                    + " backend"),
            Support.no(
                "PyTorch has no kernels for INT8 on cuda:0; load the model in FP16 or with another"
                    + " backend"),
            Support.no(
                "PyTorch has no kernels for INT4_SYMMETRIC on cpu; load the model in FP16 or with"
                    + " another backend"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "FP16", "BF16"})
  void processorsWithoutSpecialKernelsStillCompute(Precision precision) {
    Lowering lowering = Lowering.choose(Device.cpu(), precision, kernel -> false, false);
    assertThat(lowering.kernel()).isEqualTo(LinearKernel.PLAIN);
    assertThat(lowering.precision().storage()).isEqualTo(Precision.FP32);
    assertThat(lowering.rounding()).isEqualTo(TorchType.of(precision));
  }

  @Test
  void weightsEndWhereTheyAreRoundedToInfinity() {
    assertThat(
            List.of(largest(Device.cuda(0), Precision.FP16), largest(Device.cpu(), Precision.FP16)))
        .containsOnly(Math.nextDown(65520f));
    assertThat(largest(Device.cuda(0), Precision.BF16)).isEqualTo(Float.intBitsToFloat(0x7F7F7FFF));
    assertThat(largest(Device.cpu(), Precision.BF16))
        .as("65408 lies between two numbers of BF16, of which FP16 can't hold the upper one")
        .isEqualTo(Math.nextDown(65408f));
  }

  private static float largest(Device device, Precision precision) {
    return Lowering.choose(device, precision, kernel -> true, false).largestWeight();
  }

  @Test
  void widenedWeightsAreRoundedAsAskedForIfThatHoldsThem() {
    assertThat(widened(65_408).rounding()).isEqualTo(TorchType.BFLOAT16);
    assertThat(widened(65_408).largestWeight()).isEqualTo(Float.intBitsToFloat(0x7F7F7FFF));
    Lowering beyond = widened(Float.intBitsToFloat(0x7F7F8000));
    assertThat(beyond.rounding()).isEqualTo(TorchType.FLOAT32);
    assertThat(beyond.largestWeight()).isEqualTo(Float.MAX_VALUE);
  }

  private static Lowering widened(float weight) {
    return Lowering.widened(
        Device.cpu(),
        Precision.BF16,
        kernel -> true,
        WeightOutOfRange.of("weight", weight, Precision.FP16));
  }
}
