package dev.loquat;

import dev.loquat.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A tokenizer that is opened on a thread of its own while its caller loads weights: both take most
 * of a second when the JVM has just started. If it can't be opened, its caller is interrupted, so
 * that nobody waits for weights to be told.
 *
 * <p>Confined: used by one thread. Whoever begins it closes it, which waits for the thread and
 * closes the tokenizer unless it was handed over.
 */
final class TokenizerLoad implements AutoCloseable {
  private static final String FILE = "tokenizer.json";

  private final CompletableFuture<Tokenizer> opened = new CompletableFuture<>();
  private final Thread loading = Thread.currentThread();
  private volatile boolean isStopping;
  private boolean isHandedOver;

  private TokenizerLoad() {}

  /**
   * Begins to open the tokenizer of a checkpoint in a folder.
   *
   * @throws RuntimeException what {@link Tokenizer#open} throws where there is no file for it, so
   *     that nobody waits for weights to be told
   */
  static TokenizerLoad begin(Path folder) {
    TokenizerLoad load = new TokenizerLoad();
    if (!Files.exists(folder.resolve(FILE))) {
      load.open(folder, () -> {});
      var unused = load.await();
      return load;
    }
    Thread thread = new Thread(() -> load.open(folder, load::stop), "loquat-tokenizer");
    thread.setDaemon(true);
    thread.start();
    return load;
  }

  private void open(Path folder, Runnable onFailure) {
    try {
      opened.complete(Tokenizer.open(folder));
    } catch (RuntimeException | Error e) {
      onFailure.run();
      opened.completeExceptionally(e);
    }
  }

  /** Before the failure is told, for {@link #close} takes the interrupt back when it was. */
  private void stop() {
    isStopping = true;
    loading.interrupt();
  }

  /**
   * Loads weights meanwhile.
   *
   * @param load runs on this thread; leaves nothing open if it fails
   * @return what it loaded
   * @throws RuntimeException what {@link Tokenizer#open} has thrown, if that ended the load; what
   *     the load threw otherwise
   */
  <T> T beside(Supplier<T> load) {
    try {
      return load.get();
    } catch (RuntimeException | Error e) {
      requireOpening(e);
      throw e;
    }
  }

  private void requireOpening(Throwable stopped) {
    if (isStopping) {
      try {
        var unused = await();
      } catch (RuntimeException | Error own) {
        if (own != stopped) {
          own.addSuppressed(stopped);
        }
        throw own;
      }
    }
  }

  /**
   * Waits for the tokenizer, interrupted or not; it stays this load's.
   *
   * @throws RuntimeException what {@link Tokenizer#open} has thrown
   */
  Tokenizer await() {
    try {
      return opened.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Leaves the tokenizer to another owner. */
  void handOver() {
    isHandedOver = true;
  }

  /** Takes the interrupt of a tokenizer that failed back. A second call does nothing more. */
  @Override
  public void close() {
    if (!isHandedOver) {
      var unused = opened.thenAccept(Tokenizer::close).handle((closed, failure) -> null).join();
    }
    if (isStopping) {
      boolean unused = Thread.interrupted();
    }
  }
}
