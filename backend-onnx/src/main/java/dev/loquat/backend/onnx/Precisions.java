package dev.loquat.backend.onnx;

import dev.loquat.backend.onnx.graph.NumberFormat;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;

/** What becomes of a precision on a device. */
final class Precisions {
  private Precisions() {}

  static NumberFormat format(Device device, Precision requested) {
    OnnxType type = type(requested);
    return new NumberFormat(type, device.kind() == DeviceKind.CPU ? OnnxType.FLOAT : type);
  }

  static EffectivePrecision effective(Device device, Precision requested) {
    if (device.kind() != DeviceKind.CPU || requested == Precision.FP32) {
      return EffectivePrecision.asRequested(requested);
    }
    return new EffectivePrecision(
        requested,
        Precision.FP32,
        Precision.FP32,
        "weights are rounded to "
            + requested
            + " and held as FP32, for ONNX Runtime has no fast "
            + requested
            + " products on a CPU");
  }

  private static OnnxType type(Precision precision) {
    return switch (precision) {
      case FP32 -> OnnxType.FLOAT;
      case FP16 -> OnnxType.FLOAT16;
      case BF16 -> OnnxType.BFLOAT16;
      case INT8, INT4, INT4_SYMMETRIC -> OnnxType.FLOAT;
    };
  }
}
