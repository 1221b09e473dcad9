package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.loquat.device.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What 8-bit products are, by programs that multiply the same matrix in single precision, too. */
class Int8LinearsTest {
  /**
   * What rounding weights alone costs, and a little: the largest of 576 normal numbers is about 3.2
   * of their deviations, and steps of 1/127 of it err by 1/sqrt(12) of a step. Inputs rounded as
   * coarsely would cost as much again, sqrt(2) times that together.
   */
  private static final double ROUNDED_WEIGHTS = 3.2 / 127 / Math.sqrt(12) * 1.1;

  private static final String PROBE =
      """

      class Probe(Module):
        def __getstate__(self) -> int:
          return 0
        def __setstate__(self, state: int) -> NoneType:
          pass
        def linears(self, outputs: int, inputs: int, sensitive: bool) -> __torch__.Linears:
          torch.manual_seed(7)
          linears = __torch__.Linears()
          if sensitive:
            linears.eight.cuts_off = True
          linears.add(torch.randn([outputs, inputs]), None, 8, sensitive)
          return linears
        def error(self, outputs: int, inputs: int, sensitive: bool, outlier: float) -> float:
          linears = self.linears(outputs, inputs, sensitive)
          torch.manual_seed(7)
          weight = torch.randn([outputs, inputs])
          x = torch.randn([5, inputs])
          torch.mul_(x[:, 0], outlier)
          exact = torch.linear(x, weight)
          return float(torch.norm(linears.apply(0, x) - exact) / torch.norm(exact))
        def influence(self) -> float:
          linears = self.linears(96, 192, False)
          x = torch.randn([8, 192]) * torch.arange(1, 9).unsqueeze(1)
          together = linears.apply(0, x)
          return float(torch.max(torch.abs(linears.apply(0, x[3:4]) - together[3:4]) / torch.max(torch.abs(together[3:4]))))
        def neighbours(self, sensitive: bool) -> float:
          linears = __torch__.Linears()
          first = torch.zeros([32, 64])
          torch.fill_(torch.select(first, 1, 0), 1.)
          linears.add(first, None, 8, sensitive)
          return float(torch.min(linears.apply(0, first)))
        def nothing(self, sensitive: bool) -> float:
          linears = self.linears(32, 64, sensitive)
          linears.add(torch.ones([32, 64]), torch.full([32], 3.), 8, sensitive)
          zeros = torch.zeros([2, 64])
          return float(torch.sum(linears.apply(0, zeros)) + torch.mean(linears.apply(1, zeros)))
      """;

  @BeforeAll
  static void loadPyTorch() {
    assumeThat(System.getProperty("os.arch")).as("the packed kernels are x86's").isEqualTo("amd64");
    new DjlBackendProvider().supports(Device.cpu());
  }

  @ParameterizedTest
  @CsvSource({
    "576,576,false",
    "96,1536,false",
    "1,64,false",
    "64,1,false",
    "7,33,false",
    "320,100,false",
    "576,576,true",
    "96,1536,true",
    "7,33,true"
  })
  void multipliesWithinOnePercent(long outputs, long inputs, boolean sensitive) {
    assertThat(error(outputs, inputs, sensitive, 1)).isLessThan(0.02);
  }

  @Test
  void staysExactWhereOneInputIsFarLargerThanTheOthers() {
    assertThat(error(576, 576, false, 30)).isLessThan(0.02);
  }

  /** Turned, the first of 64 is the same number 64 times: the greatest sums of neighbours. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cutsNoSumsOff(boolean sensitive) {
    try (TorchModule module = probe()) {
      assertThat(module.call("neighbours").with(sensitive).runForDouble())
          .isCloseTo(1, within(0.02));
    }
  }

  @Test
  void losesNothingOfASensitiveMatrixsInputs() {
    assertThat(error(576, 576, true, 30)).isLessThan(ROUNDED_WEIGHTS);
  }

  @Test
  void multipliesATokenAlikeWhateverIsBesideIt() {
    try (TorchModule module = probe()) {
      assertThat(module.call("influence").runForDouble()).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesTheBiasWhereAllInputsAreZero(boolean sensitive) {
    try (TorchModule module = probe()) {
      assertThat(module.call("nothing").with(sensitive).runForDouble()).isEqualTo(3);
    }
  }

  private static double error(long outputs, long inputs, boolean sensitive, double outlier) {
    try (TorchModule module = probe()) {
      return module
          .call("error")
          .with(outputs)
          .with(inputs)
          .with(sensitive)
          .with(outlier)
          .runForDouble();
    }
  }

  private static TorchModule probe() {
    return TorchModule.load("Probe", LinearKernel.INT8_PACKED.program() + PROBE);
  }
}
