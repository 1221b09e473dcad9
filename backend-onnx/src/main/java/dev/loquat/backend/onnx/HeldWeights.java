package dev.loquat.backend.onnx;

import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import dev.loquat.quantization.BlockFormat;
import dev.loquat.quantization.QuantizationPlan;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongBiFunction;
import java.util.stream.LongStream;

/** The bytes of the weights of a range of layers as the runtime holds them. */
final class HeldWeights {
  private final Checkpoint checkpoint;
  private final LayerRange range;
  private final Device device;
  private final Precision precision;
  private final boolean onHost;
  private final int numberBytes;

  HeldWeights(Checkpoint checkpoint, LayerRange range, Device device, Precision precision) {
    this.checkpoint = checkpoint;
    this.range = range;
    this.precision = precision;
    this.device = device;
    this.onHost = device.physical().kind() == DeviceKind.CPU;
    this.numberBytes = Precisions.format(device, precision).compute().byteSize();
  }

  /** All of them; on a processor the embedding only if it is the head, too. */
  long bytes() {
    return (onHost || !range.isFirstStage() ? 0 : embeddingBytes()) + weights(this::held).sum();
  }

  /** What a step of one token reads: all but the embedding. */
  long readBytes() {
    return weights(this::held).sum();
  }

  /** The largest, which is there converted and packed for a moment. */
  long largest() {
    return weights(this::held).max().orElseThrow();
  }

  /**
   * What weights take that are rounded to a type which is neither stored nor computed in. Where
   * that is left to the runtime, it folds all their conversions before it frees the first.
   */
  long roundedBytes() {
    OnnxType rounding = Precisions.format(device, precision).rounding();
    return rounding.byteSize() == numberBytes
        ? 0
        : weights((role, info) -> OnnxType.of(info.type()) == rounding ? 0 : info.elements()).sum()
            * rounding.byteSize();
  }

  private long embeddingBytes() {
    return checkpoint.config().tiedHead() && range.isLastStage()
        ? 0
        : checkpoint.weight(WeightRole.EMBEDDING).info().elements() * numberBytes;
  }

  private LongStream weights(ToLongBiFunction<WeightRole, TensorInfo> bytes) {
    LongStream.Builder all = LongStream.builder();
    if (range.isLastStage()) {
      for (WeightRole role : List.of(WeightRole.HEAD, WeightRole.FINAL_NORM)) {
        all.add(bytes.applyAsLong(role, checkpoint.weight(role).info()));
      }
    }
    List<LayerConfig> layers = checkpoint.config().layers();
    for (int layer = range.first(); layer < range.end(); layer++) {
      for (WeightRole role : ModelWeights.roles(layers.get(layer))) {
        all.add(bytes.applyAsLong(role, checkpoint.weight(role, layer).info()));
      }
    }
    return all.build();
  }

  private long held(WeightRole role, TensorInfo info) {
    return format(role, info)
        .map(format -> format.byteLength(info.shape().get(0), info.shape().get(1)))
        .orElse(info.elements() * numberBytes);
  }

  private Optional<BlockFormat> format(WeightRole role, TensorInfo info) {
    long inputs = info.shape().get(info.shape().size() - 1);
    return precision.isQuantized()
        ? QuantizationPlan.of(precision).format(role, inputs)
        : Optional.empty();
  }
}
