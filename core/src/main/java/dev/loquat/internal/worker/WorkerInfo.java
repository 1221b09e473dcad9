package dev.loquat.internal.worker;

import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.quantization.ConversionReport;
import java.util.Optional;

/**
 * What a worker has loaded.
 *
 * @param precision what became of the precision asked for
 * @param cachePrecision what it holds keys and values in
 * @param conversion how weights were brought to a quantized precision
 * @param slots how many sequences it runs side by side
 * @param contextLength the most tokens of a sequence
 */
public record WorkerInfo(
    EffectivePrecision precision,
    Precision cachePrecision,
    Optional<ConversionReport> conversion,
    int slots,
    int contextLength) {}
