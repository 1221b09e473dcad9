package dev.loquat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.error.CheckpointException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerLoadTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Test
  void closesATokenizerThatWasNotHandedOver() throws IOException {
    Tokenizer tokenizer;
    try (TokenizerLoad load = TokenizerLoad.begin(written())) {
      tokenizer = load.await();
      assertThat(tokenizer.encode("a", false)).hasSize(1);
    }
    assertThatExceptionOfType(ModelClosedException.class)
        .isThrownBy(() -> tokenizer.encode("a", false));
  }

  @Test
  void leavesATokenizerOpenThatWasHandedOver() throws IOException {
    Tokenizer tokenizer;
    try (TokenizerLoad load = TokenizerLoad.begin(written())) {
      tokenizer = load.await();
      load.handOver();
    }
    try (tokenizer) {
      assertThat(tokenizer.encode("a", false)).hasSize(1);
    }
  }

  @Test
  void doesNotBeginWhereThereIsNoFile() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> TokenizerLoad.begin(folder))
        .withMessageContaining("tokenizer.json");
  }

  @Test
  void throwsWhatOpeningThrew() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    try (TokenizerLoad load = TokenizerLoad.begin(folder)) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(load::await)
          .withMessageContaining("has no object 'model'");
    }
  }

  /** Nothing else would end what is loaded beside it. */
  @Test
  void endsWhatIsLoadedBesideATokenizerThatFails() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    try (TokenizerLoad load = TokenizerLoad.begin(folder)) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> load.beside(TokenizerLoadTest::loadUntilInterrupted))
          .withMessageContaining("has no object 'model'")
          .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    }
    assertThat(Thread.interrupted()).as("left interrupted").isFalse();
  }

  private static String loadUntilInterrupted() {
    try {
      return "loaded: " + new CountDownLatch(1).await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("The load was interrupted");
    }
  }

  @Test
  void throwsWhatTheLoadThrewBesideATokenizerThatOpens() throws IOException {
    IllegalStateException failure = new IllegalStateException("The test's weights don't load.");
    try (TokenizerLoad load = TokenizerLoad.begin(written())) {
      assertThatThrownBy(
              () ->
                  load.beside(
                      () -> {
                        throw failure;
                      }))
          .isSameAs(failure);
    }
  }

  @Test
  void waitsThoughInterruptedAndKeepsTheInterrupt() throws IOException {
    try (TokenizerLoad load = TokenizerLoad.begin(written())) {
      Thread.currentThread().interrupt();
      assertThat(load.await().vocabularySize()).isGreaterThan(256);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private Path written() throws IOException {
    try (InputStream file = Tokenizer.class.getResourceAsStream("byte-level.json")) {
      Files.copy(Objects.requireNonNull(file), folder.resolve("tokenizer.json"));
    }
    return folder;
  }
}
