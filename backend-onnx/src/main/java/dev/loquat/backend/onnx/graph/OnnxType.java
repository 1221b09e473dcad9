package dev.loquat.backend.onnx.graph;

import ai.onnxruntime.OnnxJavaType;
import dev.loquat.checkpoint.ElementType;

/** The element types that decoder graphs use, with their codes of {@code TensorProto.DataType}. */
public enum OnnxType {
  /** IEEE 754 single precision. */
  FLOAT(1, OnnxJavaType.FLOAT),
  /** Unsigned 8-bit integer. */
  UINT8(2, OnnxJavaType.UINT8),
  /** Signed 8-bit integer. */
  INT8(3, OnnxJavaType.INT8),
  /** Signed 32-bit integer. */
  INT32(6, OnnxJavaType.INT32),
  /** Signed 64-bit integer. */
  INT64(7, OnnxJavaType.INT64),
  /** IEEE 754 half precision. */
  FLOAT16(10, OnnxJavaType.FLOAT16),
  /** IEEE 754 double precision. */
  DOUBLE(11, OnnxJavaType.DOUBLE),
  /** The upper half of a single-precision number. */
  BFLOAT16(16, OnnxJavaType.BFLOAT16);

  private final int code;
  private final OnnxJavaType javaType;

  OnnxType(int code, OnnxJavaType javaType) {
    this.code = code;
    this.javaType = javaType;
  }

  /**
   * The type's number in ONNX's files, which is that of the C API, too.
   *
   * @return more than 0
   */
  public int code() {
    return code;
  }

  /**
   * The runtime's name for the type.
   *
   * @return the type of a tensor of such elements
   */
  public OnnxJavaType javaType() {
    return javaType;
  }

  /**
   * The bytes of one element.
   *
   * @return 1, 2, 4 or 8
   */
  public int byteSize() {
    return javaType.size;
  }

  /**
   * The type of a checkpoint's elements.
   *
   * @param type their type in the checkpoint
   * @return the same type in ONNX
   */
  public static OnnxType of(ElementType type) {
    return switch (type) {
      case F64 -> DOUBLE;
      case F32 -> FLOAT;
      case F16 -> FLOAT16;
      case BF16 -> BFLOAT16;
      default -> throw new IllegalArgumentException(type + " holds no floating-point numbers");
    };
  }
}
