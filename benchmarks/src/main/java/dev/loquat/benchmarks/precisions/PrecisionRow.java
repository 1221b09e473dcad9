package dev.loquat.benchmarks.precisions;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.benchmarks.parity.Quality;
import dev.loquat.device.Precision;
import java.util.Locale;

/**
 * A model in one precision of one backend.
 *
 * @param backend the backend's name
 * @param precision the precision asked for
 * @param weightBytes what the weights are held in
 * @param speed tokens per second
 * @param quality nearness to the reference
 */
record PrecisionRow(
    String backend, Precision precision, long weightBytes, Speed speed, Quality quality) {
  private static final double MEGABYTE = 1e6;

  static String heading() {
    return "| backend | precision | weights, MB | prefill, tokens/s | decode, tokens/s | mean KL |"
        + " agreement |\n|---|---|---|---|---|---|---|";
  }

  String markdown() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.0f | %.0f | %.1f | %.2g | %.1f %% |",
        backend,
        precision,
        weightBytes / MEGABYTE,
        speed.prefill(),
        speed.decode(),
        quality.meanKl(),
        100 * quality.top1Agreement());
  }

  ObjectNode json() {
    return new JsonMapper()
        .createObjectNode()
        .put("backend", backend)
        .put("precision", precision.name())
        .put("weightBytes", weightBytes)
        .put("prefillTokensPerSecond", speed.prefill())
        .put("decodeTokensPerSecond", speed.decode())
        .put("positions", quality.positions())
        .put("meanKl", quality.meanKl())
        .put("top1Agreement", quality.top1Agreement());
  }
}
