package dev.loquat.checkpoint.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TimedBodyTest {
  private final TimedBody body = new TimedBody(new Pace(Duration.ofMillis(1), 1), () -> 0);
  private final Demand demand = new Demand();

  @Test
  void joinsTheBuffersAndEnds() throws IOException {
    body.onSubscribe(demand);
    body.onNext(List.of(bytes("ab"), bytes(""), bytes("c")));
    body.onNext(List.of());
    body.onNext(List.of(bytes("d")));
    body.onComplete();
    assertThat(body.readAllBytes()).asString(UTF_8).isEqualTo("abcd");
    assertThat(body.read()).isEqualTo(-1);
  }

  @Test
  void asksForOneBatchAtATime() throws IOException {
    body.onSubscribe(demand);
    assertThat(demand.requested).isEqualTo(1);
    body.onNext(List.of(bytes("ab")));
    assertThat(body.read()).isEqualTo('a');
    assertThat(body.read()).isEqualTo('b');
    assertThat(demand.requested).isEqualTo(2);
  }

  @Test
  void failsAndCancelsWhenNothingArrives() {
    body.onSubscribe(demand);
    assertThatExceptionOfType(HttpTimeoutException.class).isThrownBy(body::read);
    assertThat(demand.cancelled).isTrue();
  }

  @Test
  void reportsACutConnectionAfterTheBytesBeforeIt() throws IOException {
    body.onSubscribe(demand);
    body.onNext(List.of(bytes("a")));
    assertThat(body.read()).isEqualTo('a');
    body.onError(new IOException("reset"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(body::read)
        .withMessage("The connection was cut: reset");
  }

  @Test
  void endsTheDownloadWhenItsThreadIsInterrupted() {
    body.onSubscribe(demand);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(body::read)
        .withMessageContaining("interrupted")
        .withCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void failsWhenSingleBytesKeepItWaiting() throws IOException {
    TimedBody slow = slow(new Pace(Duration.ofSeconds(60), 2));
    sendBytes(slow, 2);
    assertThat(slow.read()).isEqualTo('x');
    assertThatExceptionOfType(HttpTimeoutException.class)
        .isThrownBy(slow::read)
        .withMessage("fewer than 2 bytes arrived in 60 s");
    assertThat(demand.cancelled).isTrue();
  }

  @Test
  void beginsItsTimeAnewAfterTheBytesThatThePaceAsks() throws IOException {
    TimedBody steady = slow(new Pace(Duration.ofSeconds(60), 1));
    sendBytes(steady, 5);
    assertThat(steady.readAllBytes()).hasSize(5);
  }

  @Test
  void failsWhenTheWholeTakesTooLongThoughBytesArrive() throws IOException {
    TimedBody slow = slow(Pace.whole(Duration.ofMinutes(2)));
    sendBytes(slow, 5);
    assertThat(slow.readNBytes(2)).hasSize(2);
    assertThatExceptionOfType(HttpTimeoutException.class)
        .isThrownBy(slow::read)
        .withMessage("the answer was not complete after 120 s");
  }

  @Test
  void cancelsWhenItIsClosedBeforeItBegan() {
    body.close();
    body.onSubscribe(demand);
    assertThat(demand.cancelled).isTrue();
  }

  /** A body each of whose waits takes 59 s. */
  private TimedBody slow(Pace pace) {
    AtomicLong seconds = new AtomicLong();
    TimedBody slow = new TimedBody(pace, () -> Duration.ofSeconds(seconds.addAndGet(59)).toNanos());
    slow.onSubscribe(demand);
    return slow;
  }

  private static void sendBytes(TimedBody body, int count) {
    for (int i = 0; i < count; i++) {
      body.onNext(List.of(bytes("x")));
    }
    body.onComplete();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static final class Demand implements Subscription {
    private long requested;
    private boolean cancelled;

    @Override
    public void request(long count) {
      requested += count;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
