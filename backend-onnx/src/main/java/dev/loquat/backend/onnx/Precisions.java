package dev.loquat.backend.onnx;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.Support;
import dev.loquat.backend.onnx.graph.NumberFormat;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRange.LargeWeight;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.device.WiderWeights;
import dev.loquat.quantization.QuantizationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** What becomes of a precision on a device. */
final class Precisions {
  private Precisions() {}

  /** On GPUs attention has kernels for half types only; FP32 is asked for to be exact, and is. */
  static NumberFormat format(Device device, Precision requested) {
    OnnxType type = type(requested);
    if (device.physical().kind() == DeviceKind.CPU) {
      return new NumberFormat(type, OnnxType.FLOAT);
    }
    NumberFormat format = new NumberFormat(type, type);
    return requested.isQuantized() ? format.withCache(OnnxType.FLOAT16) : format;
  }

  /** The types of all numbers that options ask for, which the backend must support. */
  static NumberFormat format(BackendOptions options) {
    NumberFormat format = format(options.device(), options.precision());
    return switch (options.cachePrecision()) {
      case INT8 -> format.withCache(OnnxType.INT8);
      case FP16 -> format.withCache(OnnxType.FLOAT16);
      default -> format;
    };
  }

  /** What keys and values are held in. */
  static Precision cache(BackendOptions options) {
    return switch (format(options).cache()) {
      case INT8 -> Precision.INT8;
      case FLOAT16 -> Precision.FP16;
      case BFLOAT16 -> Precision.BF16;
      default -> Precision.FP32;
    };
  }

  /** Whether keys and values can be held in a precision. */
  static Support supportsCache(Device device, Precision precision, Precision cache) {
    BackendOptions usual = new BackendOptions(device, precision, BackendOptions.AUTO_THREADS);
    Precision held = cache(usual);
    boolean onHost = device.physical().kind() == DeviceKind.CPU;
    if (cache == held || cache == Precision.FP16 || (cache == Precision.INT8 && onHost)) {
      return Support.yes();
    }
    return Support.no(
        "it holds keys and values in "
            + held
            + (held == Precision.FP16 ? "" : " or FP16")
            + (onHost ? " or INT8" : "")
            + " on "
            + device
            + ", not in "
            + cache);
  }

  static EffectivePrecision effective(Checkpoint checkpoint, BackendOptions options) {
    return options.precision().isQuantized()
        ? inBlocks(checkpoint, options.device(), options.precision())
        : inFloats(options.device(), options.precision());
  }

  /** What becomes of FP16 or BF16 where a weight is too large for it. */
  static EffectivePrecision widened(Precision requested, LargeWeight beyond) {
    return new EffectivePrecision(
        requested,
        Precision.FP32,
        Precision.FP32,
        "tensor '"
            + beyond.tensor()
            + "' holds a weight of magnitude "
            + beyond.magnitude()
            + ", which "
            + requested
            + " can't hold; weights are held as FP32, not rounded");
  }

  private static EffectivePrecision inBlocks(
      Checkpoint checkpoint, Device device, Precision requested) {
    List<WiderWeights> wider = new ArrayList<>();
    if (requested != Precision.INT8) {
      wider.add(new WiderWeights("head", Precision.INT8));
    }
    if (requested == Precision.INT4 && hasNarrowMatrices(checkpoint.config())) {
      wider.add(
          new WiderWeights(
              "matrices of up to " + QuantizationPlan.NARROW_INPUTS + " inputs", Precision.INT8));
    }
    wider.add(new WiderWeights("embedding", stored(checkpoint.weight(WeightRole.EMBEDDING))));
    wider.add(new WiderWeights("norms and biases", Precision.FP32));
    return new EffectivePrecision(
        requested,
        requested,
        Precision.FP32,
        device.physical().kind() == DeviceKind.CPU
            ? "blocks are multiplied as 8-bit integers and summed in FP32"
            : "blocks are multiplied in FP32, and attention computes in FP16",
        wider);
  }

  private static boolean hasNarrowMatrices(ModelConfig config) {
    return config.layers().stream()
        .flatMapToLong(layer -> inputs(config, layer))
        .anyMatch(inputs -> inputs <= QuantizationPlan.NARROW_INPUTS);
  }

  private static LongStream inputs(ModelConfig config, LayerConfig layer) {
    AttentionConfig attention = layer.attention();
    return LongStream.of(
        config.hiddenSize(),
        (long) attention.heads() * attention.headDim(),
        layer.mlp().intermediateSize());
  }

  private static Precision stored(Tensor weight) {
    return switch (weight.info().type()) {
      case F16 -> Precision.FP16;
      case BF16 -> Precision.BF16;
      default -> Precision.FP32;
    };
  }

  static EffectivePrecision inFloats(Device device, Precision requested) {
    if (device.physical().kind() != DeviceKind.CPU || requested == Precision.FP32) {
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
      case INT8, INT4, INT4_SYMMETRIC, AUTO -> OnnxType.FLOAT;
    };
  }
}
