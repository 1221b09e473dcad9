package dev.loquat.benchmarks;

import dev.loquat.benchmarks.constrained.Constrain;
import dev.loquat.benchmarks.load.Load;
import dev.loquat.benchmarks.parity.Parity;
import dev.loquat.benchmarks.peers.Peers;
import dev.loquat.benchmarks.precisions.Precisions;
import dev.loquat.benchmarks.replicas.ReplicaRun;
import dev.loquat.benchmarks.serving.Callers;
import dev.loquat.benchmarks.serving.Chat;
import dev.loquat.benchmarks.serving.Stall;
import dev.loquat.benchmarks.speculation.Speculate;
import dev.loquat.benchmarks.split.Split;
import dev.loquat.error.LoquatException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The measuring tools behind one command. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Measures a model in a backend and prints one JSON line.",
    subcommands = {
      Throughput.class,
      Parity.class,
      Load.class,
      Speculate.class,
      Constrain.class,
      Callers.class,
      Stall.class,
      Chat.class,
      Plan.class,
      Squeeze.class,
      Peers.class,
      Precisions.class,
      Split.class,
      ReplicaRun.class,
      Latency.class
    })
public final class Benchmarks {

  private Benchmarks() {}

  /**
   * Runs a tool and ends the process: with 0 if it succeeds, with 1 if numbers disagree, with 2 if
   * it can't run.
   *
   * @param args the tool's name and its options
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Benchmarks())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Benchmarks::explain)
            .execute(args));
  }

  private static int explain(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof LoquatException || failure instanceof IllegalArgumentException) {
      command.getErr().println(failure.getMessage());
      return command.getCommandSpec().exitCodeOnExecutionException();
    }
    throw failure;
  }
}
