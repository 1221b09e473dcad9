package dev.loquat.internal.replica;

import dev.loquat.error.LoquatException;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Starts replicas again, each on a thread of its own: at once, then after waits that double from
 * {@link #FIRST_WAIT} to {@link #LONGEST_WAIT} as long as it ends soon or can't be started. After
 * {@link #MOST_FAILURES} starts that failed one after the other it is given up.
 *
 * <p>Safe for use by several threads.
 */
final class Revival {
  static final Duration FIRST_WAIT = Duration.ofMillis(200);
  static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  static final int MOST_FAILURES = 5;

  /** A replica that lived as long does not end for the same reason again and again. */
  static final Duration LONG_LIFE = Duration.ofSeconds(30);

  private static final Logger LOGGER = System.getLogger(Revival.class.getName());

  private final Reviver reviver;
  private final BiConsumer<Member, Replica> revived;
  private final BiConsumer<Member, LoquatException> givenUp;
  private final Map<Member, Thread> threads = new ConcurrentHashMap<>();
  private final Map<Member, Life> lives = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  /**
   * Creates it.
   *
   * @param reviver starts a replica
   * @param revived takes it
   * @param givenUp told of a replica that won't be started any more
   */
  Revival(
      Reviver reviver,
      BiConsumer<Member, Replica> revived,
      BiConsumer<Member, LoquatException> givenUp) {
    this.reviver = reviver;
    this.revived = revived;
    this.givenUp = givenUp;
  }

  /** When a replica was last started, and how many short lives it had before. */
  private record Life(long startNanos, int shortLives) {}

  /** Begins to start a replica again. */
  void begin(Member member) {
    Thread thread =
        new Thread(() -> revive(member), "loquat-replica-" + member.index() + "-restart");
    thread.setDaemon(true);
    threads.put(member, thread);
    thread.start();
  }

  /** Starts no more, and has what is being started ended, without waiting for it. */
  void requestClose() {
    isClosed = true;
    others().forEach(Thread::interrupt);
    reviver.requestClose();
  }

  /** Waits, after {@link #requestClose}, until what was being started has been ended. */
  void close(Duration patience) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    others().forEach(thread -> join(thread, deadline - System.nanoTime()));
    reviver.close();
  }

  /** A listener on one of these threads may be who closes. */
  private List<Thread> others() {
    Thread own = Thread.currentThread();
    return threads.values().stream().filter(thread -> thread != own).toList();
  }

  private static void join(Thread thread, long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void revive(Member member) {
    try {
      start(member);
    } finally {
      threads.remove(member, Thread.currentThread());
    }
  }

  private void start(Member member) {
    int shortLives = shortLives(lives.getOrDefault(member, new Life(Long.MIN_VALUE, 0)));
    int failures = 0;
    LoquatException last = null;
    Replica replica = null;
    while (replica == null && !isClosed && failures < MOST_FAILURES) {
      try {
        pause(wait(failures + shortLives));
        replica = reviver.revive(member.index());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        failures++;
        last = Failures.ofStart(e);
        LOGGER.log(Logger.Level.WARNING, "Replica " + member.index() + " did not start", e);
      }
    }
    if (replica != null) {
      lives.put(member, new Life(System.nanoTime(), shortLives));
      revived.accept(member, replica);
    } else if (last != null && !isClosed) {
      givenUp.accept(member, last);
    }
  }

  private static void pause(Duration wait) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(TimeUnit.NANOSECONDS.convert(wait));
  }

  private static Duration wait(int soon) {
    if (soon == 0) {
      return Duration.ZERO;
    }
    long millis = FIRST_WAIT.toMillis() << Math.min(soon - 1, 10);
    return Duration.ofMillis(Math.min(millis, LONGEST_WAIT.toMillis()));
  }

  /** How many short lives there were, the one that has just ended included. */
  private static int shortLives(Life life) {
    boolean isShort =
        life.startNanos() != Long.MIN_VALUE
            && System.nanoTime() - life.startNanos() < LONG_LIFE.toNanos();
    return isShort ? life.shortLives() + 1 : 0;
  }
}
