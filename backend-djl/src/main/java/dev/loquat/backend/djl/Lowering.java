package dev.loquat.backend.djl;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import java.util.function.Predicate;

/**
 * How a model's numbers are held and computed on a device.
 *
 * @param kernel how matrices are held and multiplied
 * @param matrices the type that matrices have before the kernel takes them
 * @param activations the type of activations, norms' scales and the KV cache
 * @param rounding the type that weights are rounded to
 * @param precision what callers are told
 */
record Lowering(
    LinearKernel kernel,
    TorchType matrices,
    TorchType activations,
    TorchType rounding,
    EffectivePrecision precision) {
  private static final double LARGEST_FP16 = 65504;

  /**
   * Chooses the way that computes fastest without losing what was asked for.
   *
   * <p>GPUs hold and compute in the type asked for. On processors PyTorch computes fast in single
   * precision only, but multiplies by matrices packed in FP16 at nearly the speed of memory.
   *
   * @param works whether a kernel works on this machine
   */
  static Lowering choose(Device device, Precision precision, Predicate<LinearKernel> works) {
    if (device.kind() != DeviceKind.CPU) {
      TorchType type = TorchType.of(precision);
      return new Lowering(
          LinearKernel.PLAIN, type, type, type, EffectivePrecision.asRequested(precision));
    }
    if (precision != Precision.FP32 && works.test(LinearKernel.FP16_PACKED)) {
      return packed(precision);
    }
    return single(
        precision, works, "PyTorch has no half-precision kernels for this processor that are fast");
  }

  /** Single precision on a processor, whatever was asked for. */
  static Lowering single(Precision precision, Predicate<LinearKernel> works, String reason) {
    return new Lowering(
        works.test(LinearKernel.MKLDNN) ? LinearKernel.MKLDNN : LinearKernel.PLAIN,
        TorchType.FLOAT32,
        TorchType.FLOAT32,
        TorchType.of(precision),
        new EffectivePrecision(
            precision, Precision.FP32, Precision.FP32, precision == Precision.FP32 ? "" : reason));
  }

  private static Lowering packed(Precision precision) {
    String reason =
        precision == Precision.FP16
            ? "processors multiply FP16 weights fastest in FP32"
            : "weights are rounded to BF16 and held as FP16, which processors multiply faster";
    return new Lowering(
        LinearKernel.FP16_PACKED,
        TorchType.FLOAT32,
        TorchType.FLOAT32,
        TorchType.of(precision),
        new EffectivePrecision(precision, Precision.FP16, Precision.FP32, reason));
  }

  /** The largest magnitude that a weight may have. */
  double largestWeight() {
    return holdsHalf() ? LARGEST_FP16 : Double.POSITIVE_INFINITY;
  }

  /** The bytes that a matrix takes, {@code [rows, columns]}. */
  long linearBytes(long rows, long columns) {
    return kernel == LinearKernel.FP16_PACKED
        ? LinearKernel.packedHalfBytes(rows, columns)
        : rows * columns * matrices.byteSize();
  }

  /** The embedding is only looked up: it keeps the checkpoint's type where that loses nothing. */
  TorchType embeddingType(ElementType stored) {
    TorchType source = TorchType.of(stored);
    return source.byteSize() < rounding.byteSize() ? source : rounding;
  }

  private boolean holdsHalf() {
    return kernel == LinearKernel.FP16_PACKED || matrices == TorchType.FLOAT16;
  }
}
