package dev.loquat.benchmarks.peers;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.PlannedUse;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints how fast Loquat and other engines are on this machine, measured in turn. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description = "Prints tokens/s of Loquat beside other engines: a table, then one JSON line.")
public final class Peers implements Callable<Integer> {
  private static final int BATCH_PROMPT = 64;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--peers",
      split = ",",
      description = "llama.cpp, transformers, java-llama.cpp; default: ${DEFAULT-VALUE}")
  private List<String> names = List.of("llama.cpp");

  @Option(names = "--gguf", description = "llama.cpp's weights; default: the model folder's")
  private @Nullable Path gguf;

  @Option(names = "--llama-cpp", description = "the folder of llama-bench; default: bin")
  private Path llamaCpp = Path.of("bin");

  @Option(names = "--python", description = "the Python that has transformers")
  private String python = "python3";

  @Option(names = "--java-llama-cpp", description = "the jar of de.kherud:llama")
  private Path javaLlamaCpp =
      Path.of(
          System.getProperty("user.home"), ".m2/repository/de/kherud/llama/4.2.0/llama-4.2.0.jar");

  @Option(names = "--prompt", description = "tokens of the prompt; default: ${DEFAULT-VALUE}")
  private int prompt = 256;

  @Option(names = "--new", description = "tokens decoded; default: ${DEFAULT-VALUE}")
  private int newTokens = 64;

  @Option(names = "--batch", description = "sequences together; default: ${DEFAULT-VALUE}")
  private int batch = 8;

  @Option(names = "--context", description = "tokens of the long context")
  private int context = 2000;

  @Option(names = "--rounds", description = "turns of each; default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  /** Creates it with the default options. */
  public Peers() {}

  @Override
  public Integer call() throws Exception {
    OneOrMore.require("--prompt", prompt);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--batch", batch);
    OneOrMore.require("--context", context);
    OneOrMore.require("--rounds", rounds);
    int threads = model.threadsOrCores();
    Workload work = new Workload(prompt, newTokens, batch, BATCH_PROMPT, context, threads);
    Comparison comparison = new Comparison(ours(), peers());
    comparison.left().forEach((peer, why) -> System.err.println(peer + ": " + why));
    for (int round = 0; round < rounds; round++) {
      comparison.round(work);
    }
    print(new ComparisonTable(comparison, Bandwidth.bytesPerSecond(threads)));
    return 0;
  }

  private static void print(ComparisonTable table) {
    System.out.println(table.markdown());
    System.out.println(table.json());
  }

  private Contestant ours() {
    return new InThisJvm(model, readBytes());
  }

  private long readBytes() {
    try (Checkpoint checkpoint = Checkpoint.open(model.folder())) {
      return model.estimate(checkpoint, new PlannedUse(new CacheLayout(1, prompt), 1)).readBytes();
    }
  }

  private List<Contestant> peers() {
    List<Contestant> peers = new ArrayList<>();
    names.forEach(name -> peers.add(peer(name)));
    return peers;
  }

  private Contestant peer(String name) {
    return switch (name) {
      case "llama.cpp" -> new LlamaCpp(llamaCpp, gguf());
      case "transformers" -> new Transformers(python, model.folder(), weightType());
      case "java-llama.cpp" -> new JavaLlamaCpp(javaLlamaCpp, gguf());
      default ->
          throw new IllegalArgumentException(
              "--peers has '" + name + "'; expected llama.cpp, transformers, java-llama.cpp");
    };
  }

  private Gguf gguf() {
    return gguf == null ? Gguf.in(model.folder(), model.precision()) : new Gguf(gguf);
  }

  private String weightType() {
    return model.precision() == Precision.FP32 ? "float32" : "bfloat16";
  }
}
