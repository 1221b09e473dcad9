package dev.loquat.backend.djl;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.device.Precision;

/** PyTorch's floating-point types by the numbers that TorchScript knows them by. */
enum TorchType {
  FLOAT16(5, 2),
  FLOAT32(6, 4),
  FLOAT64(7, 8),
  BFLOAT16(15, 2);

  private final int code;
  private final int byteSize;

  TorchType(int code, int byteSize) {
    this.code = code;
    this.byteSize = byteSize;
  }

  /** {@code c10::ScalarType}. */
  int code() {
    return code;
  }

  int byteSize() {
    return byteSize;
  }

  Precision precision() {
    return switch (this) {
      case FLOAT16 -> Precision.FP16;
      case BFLOAT16 -> Precision.BF16;
      case FLOAT32, FLOAT64 -> Precision.FP32;
    };
  }

  static TorchType of(Precision precision) {
    return switch (precision) {
      case FP32 -> FLOAT32;
      case FP16 -> FLOAT16;
      case BF16 -> BFLOAT16;
      case INT8, INT4, INT4_SYMMETRIC, AUTO ->
          throw new IllegalArgumentException(precision + " is no floating-point type");
    };
  }

  static TorchType of(ElementType type) {
    return switch (type) {
      case F64 -> FLOAT64;
      case F32 -> FLOAT32;
      case F16 -> FLOAT16;
      case BF16 -> BFLOAT16;
      case I64, I32, I16, I8, U8, BOOL ->
          throw new IllegalArgumentException(type + " is no floating-point type");
    };
  }
}
