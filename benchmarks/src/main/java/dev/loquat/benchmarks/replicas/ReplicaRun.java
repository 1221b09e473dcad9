package dev.loquat.benchmarks.replicas;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.Replicas;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Compares replicas with one engine of as many slots and threads in turns; or, with {@code
 * --kill-after}, kills the process of one under load and counts what became of requests.
 */
@Command(
    name = "replicas",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Compares replicas with one engine, or kills one under load. Ends with 1 if a request is"
            + " lost.")
public final class ReplicaRun implements Callable<Integer> {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--threads-replicas",
      description = "replicas in this process; default: ${DEFAULT-VALUE}")
  private int inThreads = 2;

  @Option(names = "--processes", description = "replicas in processes of their own instead")
  private int processes;

  @Option(names = "--kill-after", description = "kill one after so long, such as 5s")
  private String killAfter = "";

  @Option(names = "--no-spare", description = "keep no process waiting for that")
  private boolean noSpare;

  @Option(names = "--retry", description = "begin requests again that ran on it")
  private boolean retry;

  @Option(
      names = "--batch",
      description = "generations side by side in all replicas together; default: ${DEFAULT-VALUE}")
  private int batch = 8;

  @Option(names = "--prompt", description = "words of each prompt; default: ${DEFAULT-VALUE}")
  private int prompt = 64;

  @Option(names = "--new", description = "new tokens of each; default: ${DEFAULT-VALUE}")
  private int newTokens = 32;

  @Option(names = "--rounds", description = "rounds after the warm-up; default: ${DEFAULT-VALUE}")
  private int rounds = 3;

  /** Creates it with the default options. */
  public ReplicaRun() {}

  @Override
  public Integer call() {
    OneOrMore.require("--prompt", prompt);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--rounds", rounds);
    Replicas replicas = replicas();
    if (batch < replicas.count() || batch % replicas.count() != 0) {
      throw new IllegalArgumentException(
          "--batch is " + batch + "; expected a multiple of the replicas, " + replicas.count());
    }
    return killAfter.isEmpty() ? compare(replicas) : kill(replicas);
  }

  private Replicas replicas() {
    Replicas replicas = processes > 0 ? Replicas.processes(processes) : Replicas.threads(inThreads);
    Replicas kept = noSpare ? replicas.withoutSpare() : replicas;
    return retry ? kept.retryRunning() : kept;
  }

  private int compare(Replicas replicas) {
    ObjectNode figures;
    try (Model one = loader().batch(batch).load();
        Model several = several(loader(), replicas).load()) {
      figures = new Comparison(one, several, batch, prompt, newTokens).measure(rounds);
    }
    System.out.println(figures);
    return 0;
  }

  private int kill(Replicas replicas) {
    if (processes == 0) {
      throw new IllegalArgumentException("--kill-after goes with --processes");
    }
    KilledReplica load = new KilledReplica(prompt, newTokens, 2 * batch);
    ObjectNode figures;
    try (Model several = several(loader(), replicas).onEvents(load.listener()).load()) {
      figures = load.run(several, duration(killAfter));
    }
    System.out.println(figures);
    return figures.get("lost").asInt() == 0 ? 0 : 1;
  }

  private static Duration duration(String text) {
    if (!text.matches("\\d{1,4}s")) {
      throw new IllegalArgumentException(
          "--kill-after is " + text + "; expected seconds, such as 5s");
    }
    return Duration.ofSeconds(Integer.parseInt(text.substring(0, text.length() - 1)));
  }

  private ModelLoader several(ModelLoader loader, Replicas replicas) {
    return loader.batch(batch / replicas.count()).replicas(replicas);
  }

  /** A word is seldom more than two tokens. */
  private ModelLoader loader() {
    return model.loader().contextLength(Comparison.TURNS * (2 * prompt + newTokens));
  }
}
