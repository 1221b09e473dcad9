package dev.loquat.benchmarks.precisions;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.benchmarks.Backends;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.benchmarks.parity.Quality;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what each precision of a model costs and gives in each backend. */
@Command(
    name = "precisions",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Prints bytes, tokens/s and distance from reference log-probabilities of each precision in"
            + " each backend: a table, then one JSON line.")
public final class Precisions implements Callable<Integer> {
  @Option(names = "--model", required = true, description = "a checkpoint's folder")
  private Path model = Path.of("");

  @Option(
      names = "--reference",
      required = true,
      description = "a file of the model's log-probabilities")
  private Path reference = Path.of("");

  @Option(
      names = "--precisions",
      split = ",",
      description = "${COMPLETION-CANDIDATES}; default: all that a backend supports")
  private List<Precision> precisions =
      Arrays.stream(Precision.values()).filter(one -> one != Precision.AUTO).toList();

  @Option(names = "--device", description = "cpu, cuda:N, rocm:N or mps; default: ${DEFAULT-VALUE}")
  private String device = "cpu";

  @Option(names = "--threads", description = "threads; 0, the default, for the backend's choice")
  private int threads = BackendOptions.AUTO_THREADS;

  @Option(names = "--rounds", description = "rounds after the warm-up; default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  /** Creates it with the default options. */
  public Precisions() {}

  @Override
  public Integer call() {
    OneOrMore.require("--rounds", rounds);
    ArrayNode lines = new JsonMapper().createArrayNode();
    System.out.println(PrecisionRow.heading());
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      for (BackendProvider provider : Backends.found()) {
        for (Precision precision : precisions) {
          row(checkpoint, provider, precision).ifPresent(row -> print(row, lines));
        }
      }
    }
    System.out.println(lines);
    return 0;
  }

  private static void print(PrecisionRow row, ArrayNode lines) {
    System.out.println(row.markdown());
    lines.add(row.json());
  }

  /** Empty where the backend can't; standard error says why. */
  private Optional<PrecisionRow> row(
      Checkpoint checkpoint, BackendProvider provider, Precision precision) {
    Device target = Device.parse(device);
    if (provider.supports(checkpoint.config(), target, precision)
        instanceof Support.Unsupported unsupported) {
      System.err.println(provider.name() + " " + precision + ": " + unsupported.reason());
      return Optional.empty();
    }
    try (Backend backend =
        provider.open(checkpoint, new BackendOptions(target, precision, threads))) {
      long weightBytes = backend.ownedMemory().weightBytes();
      Speed speed = Speed.of(backend, checkpoint.config().vocabularySize(), rounds);
      Quality quality = Quality.of(backend, reference);
      return Optional.of(new PrecisionRow(provider.name(), precision, weightBytes, speed, quality));
    }
  }
}
