package dev.loquat.benchmarks.load;

import dev.loquat.Model;
import java.util.DoubleSummaryStatistics;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at a model's slots again and again. */
final class Occupancy {
  private static final int INTERVAL_MILLIS = 5;

  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
  private final DoubleSummaryStatistics taken = new DoubleSummaryStatistics();

  /** Starts to look, until it is stopped. */
  Occupancy(Model model) {
    var unused =
        watch.scheduleAtFixedRate(
            () -> taken.accept(model.engineLoad().occupancy()),
            0,
            INTERVAL_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  void stop() throws InterruptedException {
    watch.shutdownNow();
    boolean unused = watch.awaitTermination(1, TimeUnit.MINUTES);
  }

  /** The mean part of the slots that was taken, 0 to 1; to be asked after the end. */
  double mean() {
    return taken.getAverage();
  }
}
