package dev.loquat.backend.djl;

import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.device.WiderWeights;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How a model's numbers are held and computed on a device.
 *
 * @param kernel how matrices are held and multiplied
 * @param matrices the type that matrices have before the kernel takes them
 * @param activations the type of activations, norms' scales and the KV cache
 * @param rounding the type that weights are rounded to
 * @param pure whether norms are computed in the activations' type, too; otherwise in FP32
 * @param precision what callers are told
 */
record Lowering(
    LinearKernel kernel,
    TorchType matrices,
    TorchType activations,
    TorchType rounding,
    boolean pure,
    EffectivePrecision precision) {
  /** What BF16 rounds to 65536, which FP16 can't hold. */
  private static final float HALF_OVERFLOW_BY_BF16 = 65408f;

  /**
   * Chooses the way that computes fastest without losing what was asked for.
   *
   * <p>GPUs hold and compute in the type asked for. On processors PyTorch computes fast in single
   * precision only, but multiplies by matrices packed in FP16 at nearly the speed of memory.
   *
   * @param works whether a kernel works on this machine
   * @param shortWeights whether all matrices have 16 bits in the checkpoint
   */
  static Lowering choose(
      Device device, Precision precision, Predicate<LinearKernel> works, boolean shortWeights) {
    if (device.kind() != DeviceKind.CPU) {
      return plain(precision, false);
    }
    if (precision.isQuantized()) {
      return integers(precision);
    }
    if (keepsAllDigits(device, precision, works) && shortWeights) {
      return scaled();
    }
    if (precision != Precision.FP32 && works.test(LinearKernel.FP16_PACKED)) {
      return packed(precision);
    }
    return single(
        precision, works, "PyTorch has no half-precision kernels for this processor that are fast");
  }

  /** Whether FP32 asked for is held in 16 bits where the checkpoint's weights have no more. */
  static boolean keepsAllDigits(Device device, Precision precision, Predicate<LinearKernel> works) {
    return device.kind() == DeviceKind.CPU
        && precision == Precision.FP32
        && works.test(LinearKernel.FP16_SCALED);
  }

  /** Everything in the half type asked for, on every device. */
  static Lowering pureHalf(Precision precision) {
    return plain(precision, true);
  }

  private static Lowering plain(Precision precision, boolean pure) {
    TorchType type = TorchType.of(precision);
    return new Lowering(
        LinearKernel.PLAIN, type, type, type, pure, EffectivePrecision.asRequested(precision));
  }

  /** The same, with the weights of a model that are held wider than the others. */
  Lowering of(Checkpoint checkpoint) {
    if (activations.precision() == precision.storage()) {
      return this;
    }
    EffectivePrecision reported = precision(WiderMatrices.of(checkpoint, this));
    return new Lowering(kernel, matrices, activations, rounding, pure, reported);
  }

  /** What callers are told where further weights are held wider. */
  EffectivePrecision precision(List<WiderWeights> further) {
    return new EffectivePrecision(
        precision.requested(),
        precision.storage(),
        precision.compute(),
        precision.reason(),
        Stream.concat(precision.wider().stream(), further.stream()).toList());
  }

  /** Whether there is a way at all; there always is for floating-point numbers. */
  static Support support(Device device, Precision precision, Predicate<LinearKernel> works) {
    if (!precision.isQuantized()) {
      return Support.yes();
    }
    if (precision != Precision.INT4_SYMMETRIC
        && device.kind() == DeviceKind.CPU
        && works.test(integers(precision).kernel())) {
      return Support.yes();
    }
    return Support.no(
        "PyTorch has no kernels for "
            + precision
            + " on "
            + device
            + "; load the model in FP16 or with another backend");
  }

  /** Single precision on a processor, whatever was asked for. */
  static Lowering single(Precision precision, Predicate<LinearKernel> works, String reason) {
    return new Lowering(
        works.test(LinearKernel.MKLDNN) ? LinearKernel.MKLDNN : LinearKernel.PLAIN,
        TorchType.FLOAT32,
        TorchType.FLOAT32,
        TorchType.of(precision),
        false,
        new EffectivePrecision(
            precision, Precision.FP32, Precision.FP32, precision == Precision.FP32 ? "" : reason));
  }

  /**
   * Single precision, for a weight that was too large; rounded as asked for where that holds it.
   */
  static Lowering widened(
      Device device, Precision precision, Predicate<LinearKernel> works, WeightOutOfRange weight) {
    boolean onHost = device.kind() == DeviceKind.CPU;
    Lowering single = single(precision, kernel -> onHost && works.test(kernel), weight.reason());
    TorchType rounding = weight.isBeyond(precision) ? TorchType.FLOAT32 : TorchType.of(precision);
    return new Lowering(
        single.kernel,
        single.matrices,
        single.activations,
        rounding,
        single.pure,
        single.precision);
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
        false,
        new EffectivePrecision(precision, Precision.FP16, Precision.FP32, reason));
  }

  /**
   * Weights that have 16 bits in the checkpoint, with all their digits and in as many bits. A
   * matrix whose magnitudes are too far apart for that, which trained ones are not, is held in FP32
   * all the same. That shows when it is read: plans don't know of it, the loaded model tells it.
   */
  private static Lowering scaled() {
    return new Lowering(
        LinearKernel.FP16_SCALED,
        TorchType.FLOAT32,
        TorchType.FLOAT32,
        TorchType.FLOAT32,
        false,
        new EffectivePrecision(
            Precision.FP32,
            Precision.FP16,
            Precision.FP32,
            "the checkpoint's weights have 16 bits, all of whose digits are kept"));
  }

  private static Lowering integers(Precision precision) {
    boolean eightBits = precision == Precision.INT8;
    return new Lowering(
        eightBits ? LinearKernel.INT8_PACKED : LinearKernel.INT4_PACKED,
        TorchType.FLOAT32,
        TorchType.FLOAT32,
        TorchType.FLOAT32,
        false,
        new EffectivePrecision(
            precision,
            precision,
            Precision.FP32,
            eightBits
                ? "a token's inputs are rounded to 8 bits as well, products of integers scaled in"
                    + " FP32"
                : "a token's inputs are rounded to BF16, products summed in FP32"));
  }

  /** The largest magnitude that a weight may have; infinities and NaNs are beyond it always. */
  float largestWeight() {
    return holdsHalf() && rounding == TorchType.BFLOAT16
        ? Math.nextDown(HALF_OVERFLOW_BY_BF16)
        : shortestRange().largestRounded();
  }

  /** Of the types that weights are rounded to on their way, the one whose numbers end first. */
  Precision shortestRange() {
    return holdsHalf() ? Precision.FP16 : rounding.precision();
  }

  /**
   * The bytes that a matrix {@code [rows, columns]} takes whose weights are held in so many bits.
   */
  long linearBytes(long rows, long columns, int bits) {
    return switch (kernel) {
      case PLAIN, MKLDNN -> rows * columns * matrices.byteSize();
      case FP16_PACKED, FP16_SCALED ->
          bits == Short.SIZE
              ? LinearKernel.packedHalfBytes(rows, columns)
              : rows * columns * matrices.byteSize();
      case INT8_PACKED, INT4_PACKED ->
          bits == Byte.SIZE
              ? LinearKernel.packedIntegerBytes(rows, columns)
              : LinearKernel.blockBytes(rows, columns);
    };
  }

  /** What of a matrix's bytes a product reads: all but what fills blocks up. */
  long readBytes(long rows, long columns, int bits) {
    return switch (kernel) {
      case PLAIN, MKLDNN -> rows * columns * matrices.byteSize();
      case FP16_PACKED, FP16_SCALED -> rows * columns * Short.BYTES;
      case INT8_PACKED, INT4_PACKED ->
          bits == Byte.SIZE
              ? LinearKernel.integerBytes(rows, columns)
              : LinearKernel.blockBytes(rows, columns);
    };
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
