package dev.loquat.internal.worker;

import dev.loquat.backend.HalfPrecision;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.quantization.ConversionCache;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a worker loads and how, decided by the process that starts it.
 *
 * @param source the model, as text
 * @param draftSource the model that drafts for it
 * @param backend the name of the backend
 * @param device the device
 * @param precision the precision
 * @param half what FP16 and BF16 mean
 * @param cachePrecision what keys and values shall be held in
 * @param batch its slots
 * @param contextLength the most tokens of a sequence
 * @param threads the threads of a CPU; 0 for the backend's choice
 * @param stepTokens the most prompt tokens of a step
 * @param prefixCacheBytes the most bytes of KV cache kept for reuse
 * @param memoryLimit the most bytes of the device's memory; empty for no limit
 * @param outOfMemory what is tried where memory does not suffice
 * @param conversionFolder where converted weights are kept; empty for nowhere
 * @param conversionBytes the most bytes there
 */
public record WorkerTerms(
    String source,
    Optional<String> draftSource,
    String backend,
    Device device,
    Precision precision,
    HalfPrecision half,
    Precision cachePrecision,
    int batch,
    int contextLength,
    int threads,
    int stepTokens,
    long prefixCacheBytes,
    OptionalLong memoryLimit,
    OutOfMemoryPolicy outOfMemory,
    Optional<String> conversionFolder,
    long conversionBytes) {

  /**
   * Where converted weights are kept.
   *
   * @return the folder, or none
   */
  public ConversionCache conversionCache() {
    return conversionFolder
        .<ConversionCache>map(
            folder -> new ConversionCache.Folder(Path.of(folder), conversionBytes))
        .orElse(ConversionCache.off());
  }
}
