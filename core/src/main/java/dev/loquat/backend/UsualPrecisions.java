package dev.loquat.backend;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import java.util.List;

/** What suits a device of a kind as a rule. */
final class UsualPrecisions {
  private UsualPrecisions() {}

  static PrecisionAdvice of(Checkpoint checkpoint, Device device) {
    if (device.kind() == DeviceKind.CPU) {
      return new PrecisionAdvice(List.of(Precision.FP32), "processors compute in FP32");
    }
    Precision half = isBrainFloat(checkpoint) ? Precision.BF16 : Precision.FP16;
    return new PrecisionAdvice(
        List.of(half, Precision.FP32),
        half + " takes half of the memory, and the checkpoint is nearest to it");
  }

  private static boolean isBrainFloat(Checkpoint checkpoint) {
    return checkpoint.weight(WeightRole.EMBEDDING).info().type() == ElementType.BF16;
  }
}
