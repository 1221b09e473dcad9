package dev.loquat.device;

/** The number format that a caller asks a model to be held and computed in. */
public enum Precision {
  /** IEEE 754 single precision, 4 bytes. */
  FP32,
  /** IEEE 754 half precision, 2 bytes. */
  FP16,
  /** The upper half of a single-precision number, 2 bytes. */
  BF16
}
