package dev.loquat.benchmarks;

import dev.loquat.backend.BackendProvider;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The backends to measure. */
public final class Backends {

  private Backends() {}

  /**
   * All backends of the class path.
   *
   * @return by their names, without the one that puts clocks around others
   */
  public static List<BackendProvider> found() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> !(provider instanceof TimedProvider))
        .sorted(Comparator.comparing(BackendProvider::name))
        .toList();
  }
}
