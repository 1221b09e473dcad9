package dev.loquat.examples;

import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command line of an example that takes a model and no options. */
@Command(mixinStandardHelpOptions = true)
final class ModelExample implements Runnable {
  private final Consumer<String> example;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "folder, classpath:path or hf://owner/name[@revision]; ${DEFAULT-VALUE}")
  private String source;

  private ModelExample(String source, Consumer<String> example) {
    this.source = source;
    this.example = example;
  }

  /** Runs an example with the model of the arguments, or this one if they name none. */
  static int run(String[] args, String source, Consumer<String> example) {
    return ShortErrors.commandLine(new ModelExample(source, example)).execute(args);
  }

  @Override
  public void run() {
    example.accept(source);
  }
}
