package dev.loquat.checkpoint.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

final class TimedBodyTest {
  private final TimedBody body = new TimedBody(Duration.ofMillis(1));
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
    assertThatExceptionOfType(DownloadException.class)
        .isThrownBy(body::read)
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void cancelsWhenItIsClosedBeforeItBegan() {
    body.close();
    body.onSubscribe(demand);
    assertThat(demand.cancelled).isTrue();
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
