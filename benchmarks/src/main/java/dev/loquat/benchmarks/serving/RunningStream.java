package dev.loquat.benchmarks.serving;

import dev.loquat.TextStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** A text that is read as it comes, on a thread of its own, until it is closed. */
final class RunningStream implements AutoCloseable {
  private final TextStream text;
  private final Thread reader;
  private final List<Long> times = new CopyOnWriteArrayList<>();
  private final Semaphore pieces = new Semaphore(0);

  RunningStream(TextStream text) {
    this.text = text;
    reader = new Thread(() -> text.stream().forEach(piece -> note()), "reader");
    reader.setDaemon(true);
    reader.start();
  }

  private void note() {
    times.add(System.nanoTime());
    pieces.release();
  }

  /** Waits until so many more pieces have come. */
  void await(int count) throws InterruptedException {
    pieces.acquire(count);
  }

  /** The seconds between pieces that follow one another, of which the second came in a time. */
  List<Double> gapSeconds(long fromNanos, long toNanos) {
    return gapSeconds(times, fromNanos, toNanos);
  }

  static List<Double> gapSeconds(List<Long> times, long fromNanos, long toNanos) {
    return IntStream.range(1, times.size())
        .filter(i -> times.get(i) - fromNanos > 0 && times.get(i) - toNanos <= 0)
        .mapToObj(i -> (times.get(i) - times.get(i - 1)) / 1e9)
        .toList();
  }

  @Override
  public void close() {
    text.close();
  }
}
