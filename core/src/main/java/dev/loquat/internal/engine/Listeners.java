package dev.loquat.internal.engine;

import dev.loquat.observation.EngineListener;
import java.lang.System.Logger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Listeners of which one that throws is logged and told nothing more.
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
    for (EngineListener listener : List.copyOf(listeners)) {
      try {
        event.accept(listener);
      } catch (Throwable e) {
        Faults.requireContained(e);
        listeners.remove(listener);
        String name = listener.getClass().getName();
        LOGGER.log(Logger.Level.ERROR, name + " failed; it is told nothing more", e);
      }
    }
  }
}
