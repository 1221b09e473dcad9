package dev.loquat.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.generation.GenerationResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Prints how much faster a text comes that quotes its prompt when it is guessed ahead: medians of
 * several rounds with and without, in turn, prefill included.
 */
@Command(
    name = "speculate",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Prints how much faster a text comes when it is guessed ahead. Ends with 1 if it is"
            + " another.")
public final class Speculate implements Callable<Integer> {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--prompt-file",
      description = "a prompt; default: a passage that is to be summed up and quoted")
  private Optional<Path> promptFile = Optional.empty();

  @Option(names = "--drafts", description = "most tokens of a draft; default: ${DEFAULT-VALUE}")
  private int drafts = 16;

  @Option(names = "--new", description = "new tokens; default: ${DEFAULT-VALUE}")
  private int newTokens = 160;

  @Option(names = "--rounds", description = "rounds after one to warm up")
  private int rounds = 5;

  /** Creates it with the default options. */
  public Speculate() {}

  @Override
  public Integer call() throws IOException {
    String prompt = prompt();
    try (Model loaded = model.loader().batch(1).prefixCache(0).load()) {
      Generator plain = loaded.generator().temperature(0).maxNewTokens(newTokens);
      Generator speculating = plain.speculate(drafts);
      plain.generate(prompt);
      speculating.generate(prompt);
      List<GenerationResult> without = new ArrayList<>();
      List<GenerationResult> with = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        without.add(plain.generate(prompt));
        with.add(speculating.generate(prompt));
      }
      System.out.println(figures(without, with));
      return tokens(without).equals(tokens(with)) ? 0 : 1;
    }
  }

  private String prompt() throws IOException {
    if (promptFile.isPresent()) {
      return Files.readString(promptFile.get());
    }
    try (InputStream quote =
        Objects.requireNonNull(Speculate.class.getResourceAsStream("quote.txt"), "quote.txt")) {
      return new String(quote.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ObjectNode figures(List<GenerationResult> without, List<GenerationResult> with) {
    GenerationResult result = with.get(0);
    double plainSeconds = medianSeconds(without);
    double speculatedSeconds = medianSeconds(with);
    return new JsonMapper()
        .createObjectNode()
        .put("plainSeconds", plainSeconds)
        .put("speculatedSeconds", speculatedSeconds)
        .put("ratio", plainSeconds / speculatedSeconds)
        .put("promptTokens", result.promptTokens())
        .put("newTokens", result.newTokens())
        .put("draftedTokens", result.speculation().draftedTokens())
        .put("acceptedTokens", result.speculation().acceptedTokens())
        .put("sameTokens", tokens(without).equals(tokens(with)));
  }

  private static List<List<Integer>> tokens(List<GenerationResult> results) {
    return results.stream().map(GenerationResult::tokenIds).toList();
  }

  private static double medianSeconds(List<GenerationResult> results) {
    List<Duration> sorted =
        results.stream().map(result -> result.timings().total()).sorted().toList();
    return sorted.get(sorted.size() / 2).toNanos() / 1e9;
  }
}
