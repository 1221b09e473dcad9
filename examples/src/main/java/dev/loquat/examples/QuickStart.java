package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.TextStream;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.GenerationResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers prompts from the command line and says what ran where, how fast and in what memory. */
@Command(name = "quickstart", mixinStandardHelpOptions = true)
public final class QuickStart implements Runnable {

  @Option(names = "--model", description = "folder, classpath:path or hf://owner/name[@revision]")
  private String model = Loquat.TINY_MODEL;

  @Option(names = "--backend", description = "onnx or djl; the best if not given")
  private @Nullable String backend;

  @Option(names = "--device", description = "cpu, cuda:0, rocm:0 or mps; the best if not given")
  private @Nullable String device;

  @Option(names = "--precision", description = "${COMPLETION-CANDIDATES}")
  private Precision precision = Precision.FP32;

  @Option(names = "--batch", description = "how many prompts run side by side")
  private int batch = 1;

  @Option(names = "--max-new-tokens", description = "the most tokens of an answer")
  private int maxNewTokens = 128;

  @Parameters(arity = "0..*", paramLabel = "PROMPT")
  private List<String> prompts = List.of("What is machine learning?");

  private final PrintStream out = System.out;

  /** Creates it with the default options. */
  public QuickStart() {}

  /**
   * Runs the example.
   *
   * @param args options and prompts
   */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new QuickStart());
    command.setExecutionExceptionHandler(QuickStart::explain);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.execute(args));
  }

  @Override
  public void run() {
    try (DownloadBar bar = new DownloadBar();
        Model loaded = loader().onDownload(bar).load()) {
      prompts.forEach(prompt -> answer(loaded, prompt));
      loaded.emptyCache();
      out.print(loaded.memory().table());
    }
  }

  private void answer(Model loaded, String prompt) {
    out.println("> " + prompt);
    try (TextStream stream = loaded.generator().maxNewTokens(maxNewTokens).stream(prompt)) {
      stream.forEach(delta -> out.print(delta.text()));
      out.println();
      report(loaded, stream.result());
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
    return device == null ? loader.onDevice() : loader.onDevice(Device.parse(device));
  }

  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof LoquatException || failure instanceof IllegalArgumentException) {
      command.getErr().println(failure.getMessage());
      return command.getCommandSpec().exitCodeOnExecutionException();
    }
    throw failure;
  }
}
