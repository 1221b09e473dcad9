package dev.loquat;

import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.memory.StageNeed;
import dev.loquat.quantization.ConversionReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was loaded, where and how.
 *
 * @param source where the checkpoint came from
 * @param backend the name of the backend that runs it
 * @param device the device it runs on; of several, the one with the first layers
 * @param precision the precision asked for and what became of it
 * @param cachePrecision what keys and values are held in
 * @param batch how many generations run side by side, in all replicas together
 * @param contextLength the most tokens of prompt and text together
 * @param load how long it took from the call until it was ready
 * @param conversion how weights were brought to the precision, where that is kept from one start to
 *     the next; empty where none were
 * @param stages where which layers lie, in the order of layers, if a {@link
 *     dev.loquat.device.DeviceMap} placed them; empty otherwise
 * @param replicas the device of each replica, one or more
 */
public record ModelInfo(
    ModelSource source,
    String backend,
    Device device,
    EffectivePrecision precision,
    Precision cachePrecision,
    int batch,
    int contextLength,
    Duration load,
    Optional<ConversionReport> conversion,
    List<StageNeed> stages,
    List<Device> replicas) {

  /** Copies the lists. */
  public ModelInfo {
    stages = List.copyOf(stages);
    replicas = List.copyOf(replicas);
  }
}
