package dev.loquat.benchmarks.speculation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Prints how much faster texts come that quote their prompts when they are guessed ahead: medians
 * of several rounds with and without, in turn, prefill included.
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

  @Option(
      names = "--summaries",
      description = "eight messages of a chat that ask for a summary and quotes instead")
  private boolean summaries;

  @Option(names = "--batch", description = "texts side by side; default: ${DEFAULT-VALUE}")
  private int batch = 1;

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
    OneOrMore.require("--batch", batch);
    OneOrMore.require("--rounds", rounds);
    List<TaskBatch> batches = batches(tasks());
    try (Model loaded = model.loader().batch(batch).prefixCache(0).load()) {
      Generator plain = loaded.generator().temperature(0).maxNewTokens(newTokens);
      Generator speculating = plain.speculate(drafts);
      batches.get(0).warmUp(plain);
      batches.get(0).warmUp(speculating);
      for (int round = 0; round < rounds; round++) {
        batches.forEach(one -> one.round(plain, speculating));
      }
    }
    List<TaskTimes> times = batches.stream().flatMap(one -> one.times().stream()).toList();
    System.out.println(figures(batches, times));
    return times.stream().allMatch(TaskTimes::sameTokens) ? 0 : 1;
  }

  private List<Task> tasks() throws IOException {
    return summaries ? Task.summaries() : Collections.nCopies(batch, Task.prompt(prompt()));
  }

  private List<TaskBatch> batches(List<Task> tasks) {
    List<TaskBatch> batches = new ArrayList<>();
    for (int first = 0; first < tasks.size(); first += batch) {
      batches.add(new TaskBatch(tasks.subList(first, Math.min(first + batch, tasks.size()))));
    }
    return batches;
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

  private static ObjectNode figures(List<TaskBatch> batches, List<TaskTimes> times) {
    double plain = batches.stream().mapToDouble(TaskBatch::plainSeconds).sum();
    double speculated = batches.stream().mapToDouble(TaskBatch::speculatedSeconds).sum();
    ObjectNode figures =
        new JsonMapper()
            .createObjectNode()
            .put("plainSeconds", plain)
            .put("speculatedSeconds", speculated)
            .put("ratio", plain / speculated)
            .put("sameTokens", times.stream().allMatch(TaskTimes::sameTokens));
    ArrayNode texts = figures.putArray("texts");
    times.forEach(one -> one.writeTo(texts.addObject()));
    return figures;
  }
}
