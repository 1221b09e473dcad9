package dev.loquat.backend.djl;

import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Precision;
import java.util.List;
import java.util.Locale;

/**
 * Which of a processor's kernels multiplies a token by a matrix of a model faster: weights in FP16,
 * or in FP32. Measured, since lists of processors grow old. The two take turns, and the fastest
 * turn of each counts, so that other processes at work don't decide.
 */
final class KernelRace implements AutoCloseable {
  private static final String PROGRAM =
      """

      class Race(Module):
        linears : __torch__.Linears
        token : Tensor
        def __getstate__(self) -> int:
          return 0
        def __setstate__(self, state: int) -> NoneType:
          self.linears = __torch__.Linears()
          self.token = torch.ones([1, 1])
        def prepare(self, rows: int, columns: int, bits: int) -> NoneType:
          self.linears.add(torch.rand([rows, columns]), None, bits, False)
          self.token = torch.rand([1, columns])
          return None
        def run(self) -> float:
          return float(torch.sum(self.linears.apply(0, self.token)))
      """;

  /** A larger matrix is cut: it passes the processor's caches all the same. */
  private static final long MOST_WEIGHTS = 1 << 24;

  private static final int LEAST_TURNS = 3;
  private static final long NANOS = 200_000_000;

  private final TorchModule module;

  private KernelRace(TorchModule module) {
    this.module = module;
  }

  /** The advice for a model; the thread has entered PyTorch. */
  static PrecisionAdvice between(ModelConfig model) {
    if (!Probe.multiplies(LinearKernel.FP16_PACKED) || !Probe.multiplies(LinearKernel.MKLDNN)) {
      return new PrecisionAdvice(
          List.of(Precision.FP32), "this processor has fast kernels for FP32 only");
    }
    LayerConfig layer = model.layers().get(0);
    long columns = model.hiddenSize();
    long rows = Math.min(2L * layer.mlp().intermediateSize(), MOST_WEIGHTS / columns);
    try (KernelRace half = of(LinearKernel.FP16_PACKED, rows, columns);
        KernelRace single = of(LinearKernel.MKLDNN, rows, columns)) {
      return between(half, single);
    }
  }

  private static PrecisionAdvice between(KernelRace half, KernelRace single) {
    long halfNanos = Long.MAX_VALUE;
    long singleNanos = Long.MAX_VALUE;
    long end = System.nanoTime() + NANOS;
    for (int turn = 0; turn < LEAST_TURNS || System.nanoTime() < end; turn++) {
      halfNanos = Math.min(halfNanos, half.turn());
      singleNanos = Math.min(singleNanos, single.turn());
    }
    return advice(halfNanos, singleNanos);
  }

  static PrecisionAdvice advice(long halfNanos, long singleNanos) {
    boolean halfWins = halfNanos < singleNanos;
    return new PrecisionAdvice(
        halfWins
            ? List.of(Precision.FP16, Precision.FP32)
            : List.of(Precision.FP32, Precision.FP16),
        String.format(
            Locale.ROOT,
            "a token's product with a matrix of the model took %d us in FP16 and %d us in FP32",
            halfNanos / 1000,
            singleNanos / 1000));
  }

  private static KernelRace of(LinearKernel kernel, long rows, long columns) {
    KernelRace race = new KernelRace(TorchModule.load("Race", kernel.program() + PROGRAM));
    try {
      race.module
          .call("prepare")
          .with(rows)
          .with(columns)
          .with(kernel.bits(rows, columns))
          .runForNothing();
      return race;
    } catch (RuntimeException | Error e) {
      race.close();
      throw e;
    }
  }

  private long turn() {
    long start = System.nanoTime();
    module.call("run").runForDouble();
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    module.close();
  }
}
