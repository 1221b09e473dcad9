package dev.loquat.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.constraint.Constraint;
import dev.loquat.constraint.ConstraintState;
import dev.loquat.generation.Turn;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryRecorder;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.tokenizer.StreamingDetokenizer;
import dev.loquat.tokenizer.TokenBytes;
import dev.loquat.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While one caller prepares a constraint, which is held here, others keep their time. */
@Timeout(60)
class PreparedConstraintsTest {
  private static final Constraint HELD = Constraint.regex("Aa");

  /** It has the same hash. */
  private static final Constraint OTHER = Constraint.regex("BB");

  /** How often the time is asked for up to there: when submitted, for the lock, for the state. */
  private static final int FIRST_STATE = 3;

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicLong clock = new AtomicLong();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final PreparedConstraints constraints = new PreparedConstraints(settings());
  private final Submission patient = submission(Optional.empty());
  private CompletableFuture<Optional<ConstraintState>> first = new CompletableFuture<>();

  @BeforeEach
  void holdTheFirst() throws InterruptedException {
    first = CompletableFuture.supplyAsync(() -> constraints.start(HELD, patient), threads);
    reached.await();
  }

  @AfterEach
  void letTheFirstGo() {
    release.countDown();
    assertThat(first.join()).isPresent();
    threads.shutdown();
  }

  @Test
  void waitingEndsWithTheTimeout() {
    Submission hurried = submission(Optional.of(Duration.ofMillis(1)));
    assertThat(constraints.start(HELD, hurried)).isEmpty();
  }

  @Test
  void waitingEndsWithAnInterrupt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> constraints.start(HELD, patient))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anotherConstraintDoesNotWait() {
    assertThat(OTHER).hasSameHashCodeAs(HELD);
    assertThat(constraints.start(OTHER, patient)).isPresent();
  }

  @Test
  void preparingEndsWithTheTimeoutAndGoesOnForTheNext() {
    Submission hurried = submission(Optional.of(Duration.ofNanos(5)));
    clock.set(5);
    assertThat(constraints.start(OTHER, hurried)).isEmpty();
    assertThat(constraints.start(OTHER, patient)).isPresent();
  }

  @Test
  void preparingEndsWithAnInterrupt() {
    AtomicInteger asked = new AtomicInteger(1);
    Submission interrupting =
        new Submission(
            new Turn(0, Optional.of(Duration.ofNanos(5))),
            new GenerationClock(
                () -> {
                  if (asked.incrementAndGet() == FIRST_STATE) {
                    Thread.currentThread().interrupt();
                  }
                  return 0;
                },
                Duration.ZERO,
                0),
            () -> {});
    assertThatThrownBy(() -> constraints.start(OTHER, interrupting))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(constraints.start(OTHER, patient)).isPresent();
  }

  @Test
  void forgetsThoseLongestUnusedWhereTheyTakeTooMuchMemory() {
    release.countDown();
    PreparedConstraints few = new PreparedConstraints(settings(), 100_000);
    List<Constraint> many =
        IntStream.range(0, 20).mapToObj(i -> Constraint.regex("a{" + (1000 + i) + "}")).toList();
    for (Constraint constraint : many) {
      assertThat(few.start(constraint, patient)).isPresent();
      assertThat(few.byteLength()).isBetween(1L, 100_000L);
    }
    assertThat(constraints.start(OTHER, patient)).isPresent();
    assertThat(constraints.byteLength()).isGreaterThan(1_000);
  }

  private Submission submission(Optional<Duration> timeout) {
    GenerationClock times = new GenerationClock(clock::get, Duration.ZERO, clock.get());
    return new Submission(new Turn(0, timeout), times, () -> {});
  }

  private EngineSettings settings() {
    return new EngineSettings(
        new HeldTokenizer(),
        Set.of(),
        128,
        new MemoryRecorder(),
        MemoryLedger.unlimited(),
        clock::get,
        Duration.ZERO,
        List.of(),
        new EngineLimits(1, 1, 0),
        OutOfMemoryPolicy.FAIL);
  }

  /** A token for each ASCII character; the first who asks for them waits. */
  private final class HeldTokenizer implements Tokenizer {
    private final AtomicBoolean isHolding = new AtomicBoolean();

    @Override
    public TokenBytes tokenBytes() {
      if (!isHolding.getAndSet(true)) {
        reached.countDown();
        hold();
      }
      byte[][] tokens = new byte[128][];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = new byte[] {(byte) i};
      }
      return TokenBytes.of(tokens, false);
    }

    private void hold() {
      try {
        if (!release.await(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException("The first was never let go.");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int vocabularySize() {
      return 128;
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StreamingDetokenizer detokenizer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
