package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.loquat.device.Device;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What 4-bit products are, by programs that multiply the same matrix in single precision, too. */
class Int4LinearsTest {
  private static final String PROBE =
      """

      class Probe(Module):
        def __getstate__(self) -> int:
          return 0
        def __setstate__(self, state: int) -> NoneType:
          pass
        def difference(self, weight: Tensor, x: Tensor, bits: int) -> float:
          linears = __torch__.Linears()
          bias = torch.randn([weight.size(0)])
          linears.add(weight, bias, bits, False)
          exact = torch.linear(x, weight, bias)
          return float(torch.norm(linears.apply(0, x) - exact) / torch.norm(exact))
        def error(self, outputs: int, inputs: int, tokens: int, bits: int) -> float:
          torch.manual_seed(7)
          return self.difference(torch.randn([outputs, inputs]), torch.randn([tokens, inputs]), bits)
        def on_grid(self) -> float:
          torch.manual_seed(7)
          scales = torch.randint(1, 9, [64, 4, 1]).to(6)
          codes = torch.randint(0, 16, [64, 4, 32])
          codes[:, :, 0] = 0
          codes[:, :, 1] = 15
          weight = codes.to(6) * scales - scales * 3.
          return self.difference(weight.view([64, 128]), torch.randint(-8, 9, [3, 128]).to(6), 4)
      """;

  @BeforeAll
  static void loadPyTorch() {
    assumeThat(System.getProperty("os.arch")).as("the packed kernels are x86's").isEqualTo("amd64");
    new DjlBackendProvider().supports(Device.cpu());
  }

  @Test
  void keepsWeightsThatLieOnAGridWithAMinimum() {
    try (TorchModule module = probe()) {
      assertThat(module.call("on_grid").runForDouble()).isLessThan(0.003);
    }
  }

  /** The native kernel would read past its end, so that other shapes must not reach it. */
  @Test
  void multipliesMatricesOfAnyShape() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int rows = 1 + random.nextInt(i % 2 == 0 ? 200 : 40);
      int columns = 1 + random.nextInt(i % 2 == 0 ? 200 : 40);
      assertThat(error(rows, columns, 1 + i % 9)).as("%d x %d", rows, columns).isLessThan(0.2);
    }
  }

  @Test
  void multipliesMatricesOfEveryMultipleOf32() {
    for (long rows = 32; rows <= 160; rows += 32) {
      for (long columns = 32; columns <= 160; columns += 32) {
        assertThat(LinearKernel.INT4_PACKED.leastBits(rows, columns)).isEqualTo(4);
        assertThat(error(rows, columns, 5)).as("%d x %d", rows, columns).isBetween(0.02, 0.15);
      }
    }
  }

  @Test
  void holdsOtherShapesNarrowMatricesAndTheHeadIn8Bits() {
    assertThat(LinearKernel.INT4_PACKED.bits(544, 544)).isEqualTo(4);
    assertThat(LinearKernel.INT4_PACKED.bits(544, 512)).isEqualTo(8);
    assertThat(LinearKernel.INT4_PACKED.leastBits(31, 64)).isEqualTo(8);
    assertThat(LinearKernel.INT4_PACKED.leastBits(64, 48)).isEqualTo(8);
    assertThat(LinearKernel.INT4_PACKED.sensitiveBits()).isEqualTo(8);
  }

  private static double error(long rows, long columns, long tokens) {
    try (TorchModule module = probe()) {
      return module
          .call("error")
          .with(rows)
          .with(columns)
          .with(tokens)
          .with(LinearKernel.INT4_PACKED.leastBits(rows, columns))
          .runForDouble();
    }
  }

  private static TorchModule probe() {
    return TorchModule.load("Probe", LinearKernel.INT4_PACKED.program() + PROBE);
  }
}
