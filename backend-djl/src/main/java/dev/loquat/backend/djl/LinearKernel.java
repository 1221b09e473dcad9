package dev.loquat.backend.djl;

import dev.loquat.quantization.QuantizationPlan;

/** How a matrix is held and multiplied: one class {@code Linears} of the program each. */
enum LinearKernel {
  /** As it is; on every device. */
  PLAIN("linears-plain"),
  /** Single precision in oneDNN's blocked layout; on processors. */
  MKLDNN("linears-mkldnn"),
  /** Half precision in FBGEMM's packed layout, multiplied in single precision; on processors. */
  FP16_PACKED("linears-fp16"),
  /**
   * Weights of 16 bits in FBGEMM's half-precision layout, each matrix times a power of two, so that
   * none of their digits is lost; on processors.
   */
  FP16_SCALED("linears-scaled"),
  /** 8-bit integers in FBGEMM's packed layout, multiplied by inputs in 8 bits; on processors. */
  INT8_PACKED("linears-integers"),
  /** 4-bit integers in blocks, multiplied by inputs in BF16, some in 8 bits; on processors. */
  INT4_PACKED("linears-integers");

  /** What rows and columns of a matrix in 4 bits are multiples of. */
  private static final int INT4_MULTIPLE = 32;

  private static final int PANEL_ROWS = 16;
  private static final int BLOCK_COLUMNS = 512;
  private static final int HALF_BYTES = 2;

  private final String resource;

  LinearKernel(String resource) {
    this.resource = resource;
  }

  /** Whether weights are integers, which takes time to make. */
  boolean isQuantized() {
    return this == INT8_PACKED || this == INT4_PACKED;
  }

  /** The TorchScript text of its class {@code Linears}. */
  String program() {
    return ProgramText.read(resource);
  }

  /**
   * The bits that a weight of a layer's matrix takes. In narrow matrices the errors of 4 bits level
   * out less, and little memory would be saved.
   */
  int bits(long rows, long columns) {
    boolean isWidened = isQuantized() && columns <= QuantizationPlan.NARROW_INPUTS;
    return isWidened ? Byte.SIZE : leastBits(rows, columns);
  }

  /** The fewest bits in which such a matrix can be multiplied. */
  int leastBits(long rows, long columns) {
    return switch (this) {
      case PLAIN, MKLDNN -> Float.SIZE;
      case FP16_PACKED, FP16_SCALED -> Short.SIZE;
      case INT8_PACKED -> Byte.SIZE;
      case INT4_PACKED ->
          rows % INT4_MULTIPLE == 0 && columns % INT4_MULTIPLE == 0 ? Byte.SIZE / 2 : Byte.SIZE;
    };
  }

  /** The bits of the weights that suffer most: the head, and queries, keys and values. */
  int sensitiveBits() {
    return this == INT4_PACKED ? Byte.SIZE : bits(1, 1);
  }

  /**
   * The bytes of a matrix in blocks: the codes, and a scale and an offset of BF16 for each block.
   */
  static long blockBytes(long rows, long columns) {
    return rows * columns / 2 + rows * columns / INT4_MULTIPLE * 2 * HALF_BYTES;
  }

  /**
   * The bytes of a matrix in FBGEMM's half-precision layout: panels of 16 rows, whose columns are
   * filled up to blocks of 512 ({@code PackedGemmMatrixFP16} in {@code FbgemmFP16.h}).
   */
  static long packedHalfBytes(long rows, long columns) {
    return roundedUp(rows, PANEL_ROWS) * roundedUp(columns, BLOCK_COLUMNS) * HALF_BYTES;
  }

  /**
   * The bytes of a matrix in FBGEMM's layout of 8-bit integers, whose columns are filled up to
   * blocks of 512 ({@code PackBMatrix} in {@code Fbgemm.h}), with each row's scale, zero point and
   * sum.
   */
  static long packedIntegerBytes(long rows, long columns) {
    return integerBytes(rows, roundedUp(columns, BLOCK_COLUMNS));
  }

  /** The bytes of 8-bit integers with each row's scale, zero point and sum, nothing filled up. */
  static long integerBytes(long rows, long columns) {
    return rows * (columns + 3 * Integer.BYTES);
  }

  private static long roundedUp(long count, long unit) {
    return (count + unit - 1) / unit * unit;
  }
}
