package dev.loquat.backend.djl;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps DJL off the network while it starts: without these properties it reports the start to its
 * authors and downloads native libraries that it does not find. They stand only meanwhile, so that
 * an application's own use of DJL keeps its settings.
 */
final class QuietStart {
  private static final String[] SWITCHES = {"ai.djl.offline", "OPT_OUT_TRACKING"};

  private QuietStart() {}

  /** Two at once would take each other's settings for the application's. */
  static synchronized void run(Runnable start) {
    Map<String, @Nullable String> before = new HashMap<>();
    for (String name : SWITCHES) {
      before.put(name, System.setProperty(name, "true"));
    }
    try {
      start.run();
    } finally {
      before.forEach(QuietStart::restore);
    }
  }

  private static void restore(String name, @Nullable String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }
}
