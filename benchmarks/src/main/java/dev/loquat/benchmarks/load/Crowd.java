package dev.loquat.benchmarks.load;

import dev.loquat.Generator;
import dev.loquat.error.LoquatException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers that make one request after the other until all are made. */
final class Crowd {
  private final Generator generator;
  private final RandomShapes shapes;
  private final Tally tally;
  private final AtomicInteger next = new AtomicInteger();
  private final Semaphore over = new Semaphore(0);

  Crowd(Generator generator, RandomShapes shapes, Tally tally) {
    this.generator = generator;
    this.shapes = shapes;
    this.tally = tally;
  }

  /**
   * Makes the requests, and waits for their ends as long as some still end.
   *
   * @param callers how many threads call
   * @param requests how many calls they make together
   * @param patience how long no call may end before the rest is given up
   */
  void run(int callers, int requests, Duration patience) throws InterruptedException {
    for (int i = 0; i < callers; i++) {
      Thread caller = new Thread(() -> makeRequests(requests), "caller-" + i);
      caller.setDaemon(true);
      caller.start();
    }
    boolean goesOn = true;
    for (int i = 0; goesOn && i < requests; i++) {
      goesOn = over.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void makeRequests(int requests) {
    for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
      tally.add(request(shapes.shape(number)));
      over.release();
    }
  }

  private Observation request(Shape shape) {
    try {
      return shape.way().call(shape.configure(generator), shape);
    } catch (LoquatException e) {
      System.err.println(e);
      return Observation.FAILED;
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts a caller between calls", e);
    }
  }
}
