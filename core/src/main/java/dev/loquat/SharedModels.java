package dev.loquat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models that one-line calls keep open, weighed in bytes.
 *
 * <p>Safe for use by several threads. Together the models may take half of the machine's memory;
 * beyond that those not used for longest are closed, each when its last generation ends.
 */
final class SharedModels {
  /** The process's only one: a one-line call has no object that could own its model. */
  static final SharedModels INSTANCE = new SharedModels(halfOfMachine());

  private static final long MIB = 1 << 20;

  private final Cache<LoadOptions, SharedModel> models;

  SharedModels(long maxBytes) {
    models =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(1, maxBytes / MIB))
            .weigher((LoadOptions options, SharedModel model) -> mebibytes(model.bytes()))
            .removalListener(
                (@Nullable LoadOptions options, @Nullable SharedModel model, RemovalCause cause) ->
                    retire(model))
            .executor(Runnable::run)
            .build();
  }

  /** Uses the model of these options, loaded first where it is not open. */
  <T> T use(LoadOptions options, Supplier<Model> loader, Function<Model, T> action) {
    while (true) {
      SharedModel shared = models.get(options, key -> new SharedModel(loader.get()));
      if (shared.model().hasEnded()) {
        models.asMap().remove(options, shared);
      } else if (shared.lease()) {
        try {
          return action.apply(shared.model());
        } finally {
          shared.release();
        }
      }
    }
  }

  /** Closes every model, each when its last generation ends. */
  void close() {
    models.invalidateAll();
    models.cleanUp();
  }

  private static long halfOfMachine() {
    return DeviceDiscovery.search().found().stream()
            .filter(info -> info.device().equals(Device.cpu()))
            .mapToLong(DeviceInfo::totalBytes)
            .max()
            .orElse(0)
        / 2;
  }

  private static void retire(@Nullable SharedModel model) {
    if (model != null) {
      model.retire();
    }
  }

  private static int mebibytes(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / MIB));
  }
}
