package dev.loquat.benchmarks.parity;

import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.backend.Backend;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how far a model in a backend is from reference numbers. */
@Command(
    name = "parity",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description = {
      "Compares a model in a backend with reference numbers: log-probabilities, greedy"
          + " continuations, a family's logits, chat prompts, a tokenizer's texts, filters of"
          + " sampling or beam searches.",
      "Beam searches run in the engine, through the public API; greedy continuations and"
          + " log-probabilities do if one of --batch, --step-tokens, --prefix-cache and --speculate"
          + " is given. The engine has all cases at once.",
      "Numbers that the file's form does not have are 0. Mismatches go to standard error.",
      "Exit code: 0 if all agrees, 1 if not, 2 if it can't be compared."
    })
public final class Parity implements Callable<Integer> {
  private static final int AGREES = 0;
  private static final int DISAGREES = 1;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--reference", required = true, description = "a file of reference numbers")
  private Path reference = Path.of("");

  @Option(
      names = "--tolerance",
      description = "the most a log-probability or logit may differ; default: ${DEFAULT-VALUE}")
  private double tolerance = 2e-3;

  @Option(
      names = "--gap",
      description =
          "greedy steps are compared up to the first with a smaller lead; default: ${DEFAULT-VALUE}")
  private double gap = 1e-3;

  @ArgGroup(exclusive = false)
  private @Nullable EngineOptions engine;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Creates it with the default options. */
  public Parity() {}

  @Override
  public Integer call() {
    Tally tally = new Tally(spec.commandLine().getErr());
    List<ReferenceCase> cases = ReferenceFile.read(reference);
    if (runsInEngine(cases.get(0))) {
      compareInEngine(select(cases, ReferenceCase.OfEngine.class), tally);
    } else if (cases.get(0) instanceof ReferenceCase.OfModel) {
      compareModel(select(cases, ReferenceCase.OfModel.class), tally);
    } else if (cases.get(0) instanceof ReferenceCase.OfLogits) {
      compareLogits(select(cases, ReferenceCase.OfLogits.class), tally);
    } else {
      compareText(select(cases, ReferenceCase.OfText.class), tally);
    }
    System.out.println(tally.json());
    return tally.mismatches() == 0 ? AGREES : DISAGREES;
  }

  private boolean runsInEngine(ReferenceCase first) {
    if (engine != null && !(first instanceof ReferenceCase.OfEngine)) {
      throw new IllegalArgumentException(
          reference
              + " holds no greedy continuations, log-probabilities or beam searches; leave --batch,"
              + " --step-tokens, --prefix-cache and --speculate out");
    }
    return engine != null || first instanceof BeamCase;
  }

  private void compareInEngine(List<ReferenceCase.OfEngine> cases, Tally tally) {
    int longest = cases.stream().mapToInt(ReferenceCase.OfEngine::length).max().orElseThrow();
    int slots = cases.stream().mapToInt(ReferenceCase.OfEngine::slots).max().orElseThrow();
    EngineOptions options = Objects.requireNonNullElseGet(engine, EngineOptions::new);
    ModelLoader loader = options.apply(model.loader().contextLength(longest + 1), slots);
    try (Tokenizer tokenizer = Tokenizer.open(model.folder());
        Model opened = loader.load()) {
      LoadedModel loaded = new LoadedModel(opened, options, tokenizer, endTokens());
      for (EngineComparison comparison : cases.stream().map(one -> one.begin(loaded)).toList()) {
        tally.beginCase();
        comparison.finish(new Tolerance(tolerance, gap), tally);
      }
    }
  }

  private Set<Integer> endTokens() {
    try (Checkpoint checkpoint = Checkpoint.open(model.folder())) {
      return checkpoint.generationDefaults().endTokens();
    }
  }

  private void compareModel(List<ReferenceCase.OfModel> cases, Tally tally) {
    int longest = cases.stream().mapToInt(ReferenceCase.OfModel::length).max().orElseThrow();
    try (Checkpoint checkpoint = Checkpoint.open(model.folder());
        Backend backend = model.load(checkpoint);
        Scorer scorer = new Scorer(backend, longest)) {
      for (ReferenceCase.OfModel expected : cases) {
        tally.beginCase();
        expected.compare(scorer, new Tolerance(tolerance, gap), tally);
      }
    }
  }

  private static void compareLogits(List<ReferenceCase.OfLogits> cases, Tally tally) {
    for (ReferenceCase.OfLogits expected : cases) {
      tally.beginCase();
      expected.compare(tally);
    }
  }

  private void compareText(List<ReferenceCase.OfText> cases, Tally tally) {
    try (Tokenizer tokenizer = Tokenizer.open(model.folder())) {
      for (ReferenceCase.OfText expected : cases) {
        tally.beginCase();
        expected.compare(model.folder(), tokenizer, tally);
      }
    }
  }

  private static <T extends ReferenceCase> List<T> select(
      List<ReferenceCase> cases, Class<T> kind) {
    return cases.stream().map(kind::cast).toList();
  }
}
