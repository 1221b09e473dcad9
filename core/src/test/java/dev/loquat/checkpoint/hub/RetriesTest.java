package dev.loquat.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class RetriesTest {
  private static final URI HUB = URI.create("http://hub/x");

  private final List<Long> pauses = new ArrayList<>();
  private final Retries retries = new Retries(pauses::add, 3);
  private long attempts;

  @Test
  void countsAnewAfterEachAttemptThatBroughtAMebibyte() throws IOException {
    String result = retries.run(HUB, () -> succeedAt(10), () -> attempts << 20);
    assertThat(result).isEqualTo("done");
    assertThat(pauses).hasSize(9).containsOnly(1000L);
  }

  @Test
  void doesNotCountDripsAsProgress() {
    assertThatExceptionOfType(UnreachableException.class)
        .isThrownBy(() -> retries.run(HUB, () -> succeedAt(10), () -> attempts));
    assertThat(attempts).isEqualTo(3);
    assertThat(pauses).containsExactly(1000L, 2000L);
  }

  @Test
  void repeatsOnceWhereThereIsNoNetworkAndSaysHowToDoWithout() {
    assertThatExceptionOfType(UnreachableException.class)
        .isThrownBy(
            () ->
                new Retries(pauses::add, 5)
                    .run(
                        HUB,
                        () -> {
                          throw new ConnectException();
                        }))
        .satisfies(
            failure ->
                assertThat(failure.asDownloadException())
                    .hasMessage(
                        "http://hub/x could not be fetched in 2 attempts (ConnectException). Without a"
                            + " network, give the folder of a model that is on this machine. Check the"
                            + " network, the proxy and HF_ENDPOINT and try again; what arrived is"
                            + " kept."));
    assertThat(pauses).containsExactly(1000L);
  }

  @Test
  void neverRepeatsWhatWillNotPass() {
    assertThatExceptionOfType(DownloadException.class)
        .isThrownBy(
            () ->
                retries.run(
                    HUB,
                    () -> {
                      throw HubFailures.status(HUB, 404);
                    }));
    assertThat(pauses).isEmpty();
  }

  @Test
  void stopsWaitingWhenInterrupted() {
    Pause interrupted =
        millis -> {
          throw new InterruptedException();
        };
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> new Retries(interrupted, 3).run(HUB, () -> succeedAt(2)))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  private String succeedAt(int attempt) throws IOException {
    attempts++;
    if (attempts < attempt) {
      throw new IOException("attempt " + attempts);
    }
    return "done";
  }
}
