package dev.loquat;

import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What makes steps faster and need not be done before the first one: kept until the model is
 * loaded, then done on a thread of its own, while the model is used already.
 *
 * <p>Confined: used by the thread that loads.
 */
final class AfterLoad implements Executor {
  private static final Logger LOGGER = System.getLogger(AfterLoad.class.getName());

  private final List<Runnable> tasks = new ArrayList<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Does all of it, one after the other; the thread ends with the last. */
  void begin() {
    List<Runnable> kept = List.copyOf(tasks);
    tasks.clear();
    Thread thread = new Thread(() -> kept.forEach(AfterLoad::run), "loquat-after-load");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOGGER.log(Logger.Level.WARNING, "Steps stay slower than they could be", e);
    }
  }
}
