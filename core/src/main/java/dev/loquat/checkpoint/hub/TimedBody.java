package dev.loquat.checkpoint.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A response's body as a stream whose reads fail when it arrives too slowly: the JDK's own time
 * limit ends with the headers. One reader; at most one batch of buffers waits in memory.
 */
final class TimedBody extends InputStream implements BodySubscriber<InputStream> {
  /** Told from other batches by identity. */
  private static final List<ByteBuffer> END = List.of(ByteBuffer.allocate(0));

  private final Pace pace;
  private final LongSupplier nanoTime;
  private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
  private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
  private volatile @Nullable Throwable failure;
  private List<ByteBuffer> current = List.of();
  private int index;
  private boolean ended;
  private long waitedNanos;
  private long arrivedBytes;

  TimedBody(Pace pace, LongSupplier nanoTime) {
    this.pace = pace;
    this.nanoTime = nanoTime;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription.complete(subscription);
    subscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived.add(buffers);
  }

  @Override
  public void onError(Throwable failure) {
    this.failure = failure;
    arrived.add(END);
  }

  @Override
  public void onComplete() {
    arrived.add(END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    ByteBuffer buffer = next();
    if (buffer == null) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    return count;
  }

  /** Tells the server to stop. */
  @Override
  public void close() {
    ended = true;
    CompletableFuture<Void> unused = subscription.thenAccept(Subscription::cancel);
  }

  /** The first buffer with bytes left, or null at the end. */
  private @Nullable ByteBuffer next() throws IOException {
    while (!ended) {
      if (index == current.size()) {
        await();
      } else if (current.get(index).hasRemaining()) {
        return current.get(index);
      } else {
        index++;
      }
    }
    return null;
  }

  private void await() throws IOException {
    List<ByteBuffer> batch = poll();
    ended = batch == END;
    current = batch;
    index = 0;
    Throwable cause = failure;
    if (ended && cause != null) {
      throw new IOException("The connection was cut: " + cause.getMessage(), cause);
    }
    subscription.join().request(1);
  }

  private List<ByteBuffer> poll() throws IOException {
    try {
      long before = nanoTime.getAsLong();
      List<ByteBuffer> batch = arrived.poll(limitNanos() - waitedNanos, TimeUnit.NANOSECONDS);
      waitedNanos += nanoTime.getAsLong() - before;
      if (batch == null || waitedNanos > limitNanos()) {
        close();
        throw new HttpTimeoutException(pace.broken());
      }
      count(batch);
      return batch;
    } catch (InterruptedException e) {
      throw HubFailures.interrupted(e);
    }
  }

  private void count(List<ByteBuffer> batch) {
    arrivedBytes += batch.stream().mapToLong(ByteBuffer::remaining).sum();
    if (arrivedBytes >= pace.bytes()) {
      arrivedBytes = 0;
      waitedNanos = 0;
    }
  }

  private long limitNanos() {
    return pace.limit().toNanos();
  }
}
