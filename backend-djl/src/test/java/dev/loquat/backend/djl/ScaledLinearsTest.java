package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.loquat.device.Device;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which digits of weights are kept in 16 bits, by programs that are given the weights. */
class ScaledLinearsTest {
  private static final int COLUMNS = 64;
  private static final double NOTHING = 0;

  /** Products are of whole numbers, so that sums lose nothing and only weights may. */
  private static final String PROBE =
      """

      class Probe(Module):
        linears : __torch__.Linears
        weight : Tensor
        def __getstate__(self) -> int:
          return 0
        def __setstate__(self, state: int) -> NoneType:
          self.linears = __torch__.Linears()
          self.weight = torch.ones([1, 1])
        def add(self, weights: List[float], columns: int, bias: float) -> float:
          self.weight = torch.tensor(weights, dtype=6, device=torch.device("cpu")).view([-1, columns])
          biases = torch.full([self.weight.size(0)], bias)
          self.linears.add(torch.clone(self.weight), biases, 16, False)
          return self.linears.factors[-1]
        def lost(self, bias: float) -> float:
          identity = torch.eye(self.weight.size(1))
          product = self.linears.apply(len(self.linears.factors) - 1, identity).to(7) - bias
          return float(torch.max(torch.abs(product - self.weight.t().to(7))))
      """;

  @BeforeAll
  static void loadPyTorch() {
    assumeThat(System.getProperty("os.arch")).as("the packed kernels are x86's").isEqualTo("amd64");
    new DjlBackendProvider().supports(Device.cpu());
  }

  @Test
  void weightsThatFp16HoldsAreLeftAsTheyAre() {
    double[] weights = IntStream.range(0, 4 * COLUMNS).mapToDouble(i -> (i - 100) / 64.).toArray();
    assertThat(factor(weights)).isEqualTo(1);
    assertThat(lost(weights, 0)).isEqualTo(NOTHING);
  }

  /** Each size has its least weights below what FP16 alone holds, or its largest above. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-13, 1e-9, 0.02, 1e9, 1e30})
  void bf16WeightsOfAnySizeKeepAllDigits(double size) {
    double[] weights = normal(7, size);
    weights[5] = bf16((float) (size * 1e-6));
    double factor = factor(weights);
    assertThat(Math.getExponent(factor)).isEqualTo(naiveExponent(weights));
    assertThat(factor).isEqualTo(Math.scalb(1., Math.getExponent(factor)));
    assertThat(lost(weights, 0)).isEqualTo(naiveLoss(weights, factor)).isEqualTo(0);
  }

  /** Every mantissa and sign in as many binades as fit, by every size that they may have. */
  @ParameterizedTest
  @ValueSource(ints = {-60, -17, -1, 0, 1, 17, 60})
  void bf16NumbersOf32BinadesKeepAllDigits(int binade) {
    int first = (binade - 16 + 127) << 7;
    double[] weights =
        IntStream.range(0, 32 << 7)
            .flatMap(i -> IntStream.of(first + i, first + i + (1 << 15)))
            .mapToDouble(bits -> Float.intBitsToFloat(bits << 16))
            .toArray();
    assertThat(factor(weights)).isEqualTo(binade == 0 ? 1 : Math.scalb(1., -1 - binade));
    assertThat(lost(weights, 0)).isEqualTo(NOTHING);
  }

  @Test
  void whatIsRoundedOffIsFarBelowWhatSinglePrecisionKeeps() {
    double[] weights = normal(11, 0.02);
    weights[3] = bf16(3e-13f);
    double factor = factor(weights);
    assertThat(naiveLoss(weights, factor)).isPositive();
    assertThat(lost(weights, 0))
        .isEqualTo(naiveLoss(weights, factor))
        .isLessThan(0.01 * Math.scalb(1., -24));
  }

  @Test
  void matrixOfMagnitudesFarApartStaysInSinglePrecision() {
    double[] weights = normal(13, 1e-6);
    weights[17] = bf16(3e4f);
    assertThat(factor(weights)).isZero();
    assertThat(lost(weights, 0)).isEqualTo(NOTHING);
  }

  @Test
  void sizesThatNoFactorReachesStayInSinglePrecision() {
    double[] weights = normal(17, 1e-30);
    assertThat(factor(weights)).isZero();
    assertThat(lost(weights, 0)).isEqualTo(NOTHING);
  }

  @Test
  void biasIsNoneOfTheFactorsBusiness() {
    double[] large = IntStream.range(0, COLUMNS).mapToDouble(i -> 65536. * (i + 1)).toArray();
    assertThat(factor(large)).isLessThan(1);
    assertThat(lost(large, 131072)).isEqualTo(NOTHING);
  }

  @Test
  void nothingButZerosIsNoSpecialCase() {
    double[] zeros = new double[2 * COLUMNS];
    assertThat(factor(zeros)).isEqualTo(1);
    assertThat(lost(zeros, 3)).isEqualTo(NOTHING);
  }

  private static double factor(double... weights) {
    try (TorchModule module = probe()) {
      return add(module, weights, 0);
    }
  }

  private static double lost(double[] weights, double bias) {
    try (TorchModule module = probe()) {
      double unused = add(module, weights, bias);
      return module.call("lost").with(bias).runForDouble();
    }
  }

  private static double add(TorchModule module, double[] weights, double bias) {
    return module.call("add").with(weights).with(COLUMNS).with(bias).runForDouble();
  }

  private static double[] normal(int seed, double size) {
    Random random = new Random(seed);
    return IntStream.range(0, 8 * COLUMNS)
        .mapToDouble(i -> bf16((float) (random.nextGaussian() * size)))
        .toArray();
  }

  /** The first 8 significant bits. */
  private static float bf16(float number) {
    return Float.intBitsToFloat(Float.floatToIntBits(number) & 0xffff0000);
  }

  /** What brings the largest magnitude to between 2^14 and 2^15. */
  private static int naiveExponent(double... weights) {
    return 14 - Math.getExponent(Arrays.stream(weights).map(Math::abs).max().orElseThrow());
  }

  /** FP16 has 11 significant bits, and nothing below 2^-24. */
  private static double naiveLoss(double[] weights, double factor) {
    return Arrays.stream(weights)
        .map(
            weight -> {
              double scaled = weight * factor;
              double unit = Math.scalb(1., Math.max(-24, Math.getExponent(scaled) - 10));
              return Math.abs(Math.rint(scaled / unit) * unit - scaled) / factor;
            })
        .max()
        .orElseThrow();
  }

  private static TorchModule probe() {
    return TorchModule.load("Probe", LinearKernel.FP16_SCALED.program() + PROBE);
  }
}
