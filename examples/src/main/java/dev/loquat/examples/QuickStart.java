package dev.loquat.examples;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.TextStream;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.generation.GenerationResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers prompts side by side and says what ran where, how fast and in what memory. */
@Command(name = "quickstart", mixinStandardHelpOptions = true)
public final class QuickStart implements Runnable {

  @Option(names = "--model", description = "folder, classpath:path or hf://owner/name[@revision]")
  private String model = Loquat.TINY_MODEL;

  @Option(names = "--backend", description = "onnx or djl; the best if not given")
  private @Nullable String backend;

  @Option(
      names = "--device",
      converter = DeviceOption.class,
      description = "cpu, cuda:0, rocm:0 or mps; the best if not given")
  private @Nullable Device device;

  @Option(names = "--precision", description = "${COMPLETION-CANDIDATES}")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--batch",
      converter = CountOption.class,
      description = "how many prompts run side by side; ${DEFAULT-VALUE} if not given")
  private int batch = ModelLoader.DEFAULT_BATCH;

  @Option(
      names = "--max-new-tokens",
      converter = CountOption.class,
      description = "the most tokens of an answer; ${DEFAULT-VALUE} if not given")
  private int maxNewTokens = 128;

  @Parameters(arity = "0..*", paramLabel = "PROMPT")
  private List<String> prompts = List.of("What is machine learning?");

  private final PrintStream out;

  QuickStart(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the example.
   *
   * @param args options and prompts
   */
  public static void main(String[] args) {
    System.exit(ShortErrors.commandLine(new QuickStart(System.out)).execute(args));
  }

  @Override
  public void run() {
    try (DownloadBar bar = new DownloadBar();
        Model loaded = loader().onDownload(bar).load()) {
      answer(loaded);
      loaded.emptyCache();
      out.print(loaded.memory().table());
    }
  }

  /** All prompts run from the start; what a later one says meanwhile waits until it is read. */
  private void answer(Model loaded) {
    Generator generator = loaded.generator().maxNewTokens(maxNewTokens);
    List<TextStream> answers = prompts.stream().map(generator::stream).toList();
    for (int i = 0; i < prompts.size(); i++) {
      out.println("> " + prompts.get(i));
      answers.get(i).forEach(delta -> out.print(delta.text()));
      out.println();
      report(loaded, answers.get(i).result());
    }
  }

  private void report(Model loaded, GenerationResult result) {
    out.printf(
        Locale.ROOT,
        "[%s on %s, %s, %d tokens, %.1f tokens/s]%n",
        loaded.info().backend(),
        loaded.info().device(),
        loaded.info().precision(),
        result.newTokens(),
        result.timings().tokensPerSecond());
  }

  private ModelLoader loader() {
    ModelLoader loader = Loquat.model(model).withPrecision(precision).batch(batch);
    if (backend != null) {
      loader = loader.backend(backend);
    }
    return device == null ? loader.onDevice() : loader.onDevice(device);
  }
}
