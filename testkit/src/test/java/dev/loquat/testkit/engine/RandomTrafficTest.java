package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.error.BackendException;
import dev.loquat.error.TimedOutException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.TextDelta;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.testkit.scripted.StepHook;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls of every kind by several threads, with cancels, deadlines, priorities and steps that fail:
 * each ends once, with the text that the script has for it or with a typed error, and none keeps a
 * slot.
 */
class RandomTrafficTest extends RandomCalls {
  private static final int CONTEXT = 160;

  /** Generations that began and that ended, as the model's listener is told. */
  private final AtomicInteger ended = new AtomicInteger();

  private final AtomicInteger failed = new AtomicInteger();

  static Iterator<Long> seeds() {
    return new Random(4).longs(25).iterator();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyCallEndsOnceAndNoneKeepsASlot(long seed) throws Exception {
    Random random = new Random(seed);
    int slots = 1 + random.nextInt(4);
    stage(failingSometimes(new Random(seed + 1)));
    try (Model model =
        loader()
            .batch(slots)
            .contextLength(CONTEXT)
            .stepTokens(1 + random.nextInt(40))
            .prefixCache(random.nextInt(3) == 0 ? 0 : 1L << 20)
            .onEvents(counter())
            .load()) {
      callAtRandom(model, random, (prompt, generator, own) -> call(prompt, generator, slots, own));
      model.emptyCache();
      assertThat(model.engineLoad()).isEqualTo(new EngineLoad(0, 0, 0, slots));
    }
    assertThat(ended.get()).as("generations that ended").isGreaterThan(CALLS / 2);
    assertThat(failed.get()).as("of them failed").isLessThan(ended.get());
  }

  /** Fails one step in ten, but for the one by which the engine sees that the backend lives. */
  private static StepHook failingSometimes(Random random) {
    return (step, batch) -> {
      boolean isSoundnessCheck = batch.rows().get(0).endPosition() == 1;
      if (random.nextInt(10) == 0 && !isSoundnessCheck) {
        throw new BackendException("Step " + step + " fails, as the test asked for.");
      }
    };
  }

  private EngineListener counter() {
    return new EngineListener() {
      @Override
      public void onGeneration(GenerationReport generation) {
        ended.incrementAndGet();
        if (generation.failed()) {
          failed.incrementAndGet();
        }
      }
    };
  }

  private static void call(String prompt, Generator shaped, int slots, Random random) {
    Generator generator = shaped.speculate(random.nextInt(2) * 8);
    try {
      switch (random.nextInt(6)) {
        case 0 -> check(prompt, generator.generate(prompt));
        case 1 -> read(prompt, generator.stream(prompt), random);
        case 2 -> await(prompt, generator.generateAsync(prompt), random);
        case 3 -> subscribe(prompt, generator.publisher(prompt), random);
        case 4 -> generator.samples(prompt, 3).forEach(sample -> check(prompt, sample));
        default -> search(prompt, generator.speculate(0), 1 + random.nextInt(slots));
      }
    } catch (BackendException | TimedOutException e) {
      assertThat(e).hasMessageFindingMatch("as the test asked for|The timeout");
    }
  }

  private static void subscribe(String prompt, Flow.Publisher<TextDelta> publisher, Random random) {
    Reader reader = new Reader(random.nextInt(60));
    publisher.subscribe(reader);
    assertThat(reader.over.join().stream()).allMatch(BackendException.class::isInstance);
    assertThat(reader.text).hasToString(lettersAfter(prompt, reader.text.length()));
    assertThat(reader.ends.get()).isLessThanOrEqualTo(1);
  }

  /** A search of one beam is greedy. */
  private static void search(String prompt, Generator generator, int beams) {
    List<String> texts =
        generator.beamSearch(prompt, BeamOptions.of(beams)).stream()
            .map(text -> text.text())
            .toList();
    assertThat(texts).hasSizeLessThanOrEqualTo(1);
    if (beams == 1) {
      texts.forEach(text -> assertThat(text).isEqualTo(lettersAfter(prompt, text.length())));
    }
  }

  /** Asks for one piece after the other, and goes after some. */
  private static final class Reader implements Flow.Subscriber<TextDelta> {
    final StringBuilder text = new StringBuilder();
    final AtomicInteger ends = new AtomicInteger();
    final CompletableFuture<Optional<Throwable>> over = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final int last;

    Reader(int last) {
      this.last = last;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
      given.request(1);
    }

    @Override
    public void onNext(TextDelta piece) {
      text.append(piece.text());
      if (text.length() >= last) {
        subscription.join().cancel();
        over.complete(Optional.empty());
      } else {
        subscription.join().request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      ends.incrementAndGet();
      over.complete(Optional.of(failure));
    }

    @Override
    public void onComplete() {
      ends.incrementAndGet();
      over.complete(Optional.empty());
    }
  }
}
