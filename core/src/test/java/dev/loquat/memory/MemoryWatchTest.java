package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryWatchTest {
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofDays(1000);
  private static final LeakCheck CLEAN = new LeakCheck(0, List.of());

  private final MemoryRecorder recorder = new MemoryRecorder();
  private final AtomicLong resident = new AtomicLong(1);
  private final BlockingQueue<MemoryReading> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

  private MemoryWatch watch(Duration interval) {
    return recorder.watch(
        interval,
        resident::getAndIncrement,
        reading -> {
          threads.add(Thread.currentThread());
          heard.add(reading);
        });
  }

  @Test
  void readsAgainAndAgain() throws InterruptedException {
    try (MemoryWatch watch = watch(SHORT)) {
      assertThat(watch).isNotNull();
      for (int reading = 1; reading < 6; reading++) {
        assertThat(heard.take().processBytes()).isEqualTo(reading);
      }
    }
  }

  @Test
  void givesWhatWasLastReadOfTheDevice() throws InterruptedException {
    OwnedMemory owned = new OwnedMemory(4, 1, 0, 0);
    recorder.record(MemoryPhase.AFTER_LOAD, new MemoryReading(5, 70, owned));
    try (MemoryWatch watch = watch(LONG)) {
      assertThat(watch).isNotNull();
      assertThat(heard.take()).isEqualTo(new MemoryReading(5, 1, owned));
    }
  }

  @Test
  void raisesThePeak() throws InterruptedException {
    resident.set(900);
    try (MemoryWatch watch = watch(LONG)) {
      assertThat(watch).isNotNull();
      heard.take();
    }
    assertThat(recorder.snapshot().at(MemoryPhase.PEAK).orElseThrow().processBytes())
        .isEqualTo(900);
  }

  @Test
  void hasNoThreadLeftWhenItIsClosed() throws InterruptedException {
    MemoryWatch watch = watch(LONG);
    Thread thread = threads.take();
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("loquat-memory-watch");
    watch.close();
    watch.close();
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void endsWithTheModel() throws InterruptedException {
    MemoryWatch watch = watch(LONG);
    Thread thread = threads.take();
    recorder.close(new MemoryReading(0, 1), CLEAN);
    thread.join();
    watch.close();
  }

  @Test
  void doesNotBeginOnceTheModelIsClosed() throws InterruptedException {
    recorder.close(new MemoryReading(0, 1), CLEAN);
    watch(SHORT).close();
    assertThat(heard.poll(20, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void endsWhenItsListenerThrows() throws InterruptedException {
    MemoryWatch watch =
        recorder.watch(
            SHORT,
            () -> 1,
            reading -> {
              threads.add(Thread.currentThread());
              throw new IllegalStateException("broken");
            });
    threads.take().join();
    watch.close();
    assertThat(threads).isEmpty();
  }

  @Test
  void mayBeClosedByItsListener() throws InterruptedException {
    LinkedBlockingQueue<MemoryWatch> self = new LinkedBlockingQueue<>();
    MemoryWatch watch =
        recorder.watch(
            SHORT,
            () -> 1,
            reading -> {
              threads.add(Thread.currentThread());
              try {
                self.take().close();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    self.add(watch);
    threads.take().join();
  }

  @Test
  void refusesIntervalsThatWouldSpin() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> watch(Duration.ZERO))
        .withMessage("interval is PT0S; expected 1 ms or more");
  }
}
