package dev.loquat.internal.discovery;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.util.function.Supplier;

/**
 * What a backend says when asked. One whose classes or native libraries are not all there can't
 * answer, which is a no: it must not keep others from being asked.
 */
final class Answer {
  private Answer() {}

  /** Whether it can use a device. */
  static Support of(BackendProvider provider, Device device) {
    return ask(provider, () -> provider.supports(device));
  }

  /** Whether it can run a model on a device. */
  static Support of(
      BackendProvider provider, ModelConfig model, Device device, Precision precision) {
    Support support = of(provider, device);
    return support instanceof Support.Supported
        ? ask(provider, () -> provider.supports(model, device, precision))
        : support;
  }

  /** Whether it can do so with keys and values in a precision, or in any. */
  static Support of(
      BackendProvider provider,
      ModelConfig model,
      Device device,
      Precision precision,
      Precision cache) {
    Support support = of(provider, model, device, precision);
    return cache != Precision.AUTO && support instanceof Support.Supported
        ? ask(provider, () -> provider.supportsCache(device, precision, cache))
        : support;
  }

  /** Whether it can do what a query asks for on a device. */
  static Support of(BackendProvider provider, Device device, BackendQuery query) {
    Support support =
        of(provider, query.model(), device, query.precision(), query.cachePrecision());
    return query.pureHalf() && support instanceof Support.Supported
        ? ask(provider, () -> provider.supportsPureHalf(device))
        : support;
  }

  private static Support ask(BackendProvider provider, Supplier<Support> question) {
    try {
      return question.get();
    } catch (LinkageError | AssertionError e) {
      return Support.no(
          "it is not wholly on the path, or its parts are of different versions: "
              + root(InitializerFailures.of(provider.getClass()).first(e)));
    }
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
