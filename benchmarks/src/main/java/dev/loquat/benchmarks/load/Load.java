package dev.loquat.benchmarks.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.memory.ProcessMemory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Lets many callers make requests of random shape at one model, cancels some of them midway, and
 * prints what became of them, how fast, and what was left behind.
 */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description =
        "Prints what becomes of random requests by many callers. Ends with 1 if any is lost or"
            + " fails, or a slot leaks.")
public final class Load implements Callable<Integer> {
  private static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CachedTokens cached = new CachedTokens();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--callers", description = "threads that call; default: ${DEFAULT-VALUE}")
  private int callers = 64;

  @Option(names = "--requests", description = "calls of all together; default: ${DEFAULT-VALUE}")
  private int requests = 2000;

  @Option(names = "--cancel", description = "part that is cancelled; default: ${DEFAULT-VALUE}")
  private double cancel = 0.1;

  @Option(names = "--shared-prefix", description = "words that all prompts begin with")
  private int sharedPrefix;

  @Option(names = "--prompt", description = "most other words; default: ${DEFAULT-VALUE}")
  private int prompt = 64;

  @Option(names = "--new", description = "most new tokens; default: ${DEFAULT-VALUE}")
  private int newTokens = 48;

  @Option(names = "--batch", description = "slots; default: ${DEFAULT-VALUE}")
  private int batch = 8;

  @Option(names = "--seed", description = "of the requests; default: ${DEFAULT-VALUE}")
  private long seed = 7;

  @Option(
      names = "--warm-up",
      description = "calls before the first reading of memory; default: ${DEFAULT-VALUE}")
  private int warmUp = 200;

  @Option(
      names = "--patience",
      description =
          "seconds without an end after which the rest is lost; default: ${DEFAULT-VALUE}")
  private int patience = 60;

  /** Creates it with the default options. */
  public Load() {}

  @Override
  public Integer call() throws InterruptedException {
    requireRanges();
    try (Model loaded = model.loader().batch(batch).onEvents(cached).load()) {
      requests(loaded, warmUp, seed + 1);
      long rssBefore = residentBytes();
      ObjectNode figures = measure(loaded);
      figures.put("rssBefore", rssBefore).put("rssAfter", residentBytes());
      System.out.println(figures);
      boolean isSound =
          Stream.of("failed", "lost", "leakedSlots")
              .allMatch(name -> figures.get(name).asInt() == 0);
      return isSound ? 0 : 1;
    }
  }

  private void requireRanges() {
    OneOrMore.require("--callers", callers);
    OneOrMore.require("--requests", requests);
    OneOrMore.require("--prompt", prompt);
    OneOrMore.require("--new", newTokens);
    OneOrMore.require("--patience", patience);
    if (!(cancel >= 0 && cancel <= 1)) {
      throw new IllegalArgumentException("--cancel is " + cancel + "; expected 0 to 1");
    }
    if (sharedPrefix < 0) {
      throw new IllegalArgumentException(
          "--shared-prefix is " + sharedPrefix + "; expected 0 or more");
    }
  }

  private ObjectNode measure(Model loaded) throws InterruptedException {
    Occupancy occupancy = new Occupancy(loaded);
    cached.next();
    long start = System.nanoTime();
    Tally tally = requests(loaded, requests, seed);
    occupancy.stop();
    ObjectNode figures = tally.figures(requests, (System.nanoTime() - start) / 1e9);
    int leakedSlots = takenSlots(loaded, tally.lost(requests));
    return figures
        .put("cachedTokens", cached.next())
        .put("occupancy", occupancy.mean())
        .put("leakedSlots", leakedSlots);
  }

  private Tally requests(Model loaded, int count, long firstSeed) throws InterruptedException {
    Generator generator = loaded.generator().onPromptOverflow(PromptOverflow.KEEP_END);
    Tally tally = new Tally();
    Timer timer = new Timer(LONGEST_DELAY_NANOS);
    new Crowd(generator, shapes(timer, firstSeed), tally)
        .run(callers, count, Duration.ofSeconds(patience));
    timer.stop();
    return tally;
  }

  private RandomShapes shapes(Timer timer, long firstSeed) {
    List<Way> ways =
        List.of(new Blocking(timer), new Streamed(), new Asynchronous(timer), new Published());
    return new RandomShapes(ways, firstSeed, cancel, prompt, newTokens, sharedPrefix);
  }

  /** What is still taken when every cancel is obeyed, which is before a later command is. */
  private static int takenSlots(Model loaded, long lost) {
    if (lost == 0) {
      loaded.emptyCache();
    }
    return loaded.engineLoad().takenSlots();
  }

  /** Without what the Java heap has not collected yet. */
  private static long residentBytes() {
    System.gc();
    return ProcessMemory.current().residentBytes();
  }
}
