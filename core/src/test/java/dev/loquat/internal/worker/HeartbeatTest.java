package dev.loquat.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final Queue<Runnable> later = new ArrayDeque<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicBoolean hasEnded = new AtomicBoolean();
  private final Heartbeat heartbeat =
      new Heartbeat(asked::incrementAndGet, ended::incrementAndGet, hasEnded::get, later::add);

  private void intervals(int count) {
    for (int i = 0; i < count; i++) {
      later.remove().run();
    }
  }

  @Test
  void endsAProcessThatHasNotAnsweredSixTimes() {
    heartbeat.start();
    assertThat(asked).as("before the first interval").hasValue(0);
    intervals(6);
    assertThat(asked).hasValue(6);
    assertThat(ended).hasValue(0);
    intervals(1);
    assertThat(asked).hasValue(6);
    assertThat(ended).hasValue(1);
    assertThat(later).as("what is still to come").isEmpty();
  }

  @Test
  void anyMessageIsASignOfLife() {
    heartbeat.start();
    for (int message = 0; message < 5; message++) {
      intervals(6);
      heartbeat.heard();
    }
    assertThat(asked).hasValue(30);
    assertThat(ended).hasValue(0);
  }

  @Test
  void asksNoProcessThatHasEnded() {
    heartbeat.start();
    intervals(2);
    hasEnded.set(true);
    intervals(1);
    assertThat(asked).hasValue(2);
    assertThat(ended).hasValue(0);
    assertThat(later).isEmpty();
  }
}
