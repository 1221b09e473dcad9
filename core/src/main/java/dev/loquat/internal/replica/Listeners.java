package dev.loquat.internal.replica;

import dev.loquat.observation.EngineListener;
import java.lang.System.Logger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Listeners of which one that throws is logged and not called again.
 *
 * <p>Safe for use by several threads as far as the listeners are.
 */
public final class Listeners {
  private static final Logger LOGGER = System.getLogger(Listeners.class.getName());

  private final List<EngineListener> listeners;

  /**
   * Creates them.
   *
   * @param listeners whom to tell
   */
  public Listeners(List<EngineListener> listeners) {
    this.listeners = new CopyOnWriteArrayList<>(listeners);
  }

  /**
   * Tells all.
   *
   * @param event calls a listener
   */
  public void tell(Consumer<EngineListener> event) {
    List<EngineListener> broken =
        listeners.stream().filter(listener -> !hears(listener, event)).toList();
    listeners.removeAll(broken);
  }

  private static boolean hears(EngineListener listener, Consumer<EngineListener> event) {
    try {
      event.accept(listener);
      return true;
    } catch (RuntimeException | Error e) {
      LOGGER.log(Logger.Level.WARNING, "A listener threw and is not called again", e);
      return false;
    }
  }
}
