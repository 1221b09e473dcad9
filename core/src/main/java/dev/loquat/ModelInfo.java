package dev.loquat;

import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.quantization.ConversionReport;
import java.time.Duration;
import java.util.Optional;

/**
 * What was loaded, where and how.
 *
 * @param source where the checkpoint came from
 * @param backend the name of the backend that runs it
 * @param device the device it runs on
 * @param precision the precision asked for and what became of it
 * @param batch how many generations run side by side
 * @param contextLength the most tokens of prompt and text together
 * @param load how long it took from the call until it was ready
 * @param conversion how weights were brought to a quantized precision; empty where none were
 */
public record ModelInfo(
    ModelSource source,
    String backend,
    Device device,
    EffectivePrecision precision,
    int batch,
    int contextLength,
    Duration load,
    Optional<ConversionReport> conversion) {}
