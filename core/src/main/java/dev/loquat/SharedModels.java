package dev.loquat;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models that one-line calls keep open, weighed in bytes.
 *
 * <p>Safe for use by several threads. Together the models may take half of the machine's memory;
 * beyond that those not used for longest are closed, each when its last generation ends.
 *
 * <p>A model is loaded on the thread of the first caller that needs it. Others wait for that and
 * can be interrupted; if it fails, each tries for itself.
 */
final class SharedModels {
  /** The process's only one: a one-line call has no object that could own its model. */
  static final SharedModels INSTANCE = new SharedModels(halfOfMachine());

  private static final long MIB = 1 << 20;

  private final AsyncCache<LoadOptions, SharedModel> models;

  SharedModels(long maxBytes) {
    models =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(1, maxBytes / MIB))
            .weigher((LoadOptions options, SharedModel model) -> mebibytes(model.bytes()))
            .removalListener(
                (@Nullable LoadOptions options, @Nullable SharedModel model, RemovalCause cause) ->
                    retire(model))
            .executor(Runnable::run)
            .buildAsync();
  }

  /** Uses the model of these options, loaded first where it is not open. */
  <T> T use(LoadOptions options, Supplier<Model> loader, Function<Model, T> action) {
    SharedModel shared = lease(options, loader);
    try {
      return action.apply(shared.model());
    } finally {
      shared.release();
    }
  }

  private SharedModel lease(LoadOptions options, Supplier<Model> loader) {
    Optional<SharedModel> leased = Optional.empty();
    while (leased.isEmpty()) {
      CompletableFuture<SharedModel> own = new CompletableFuture<>();
      CompletableFuture<SharedModel> first = models.get(options, (key, executor) -> own);
      leased = first == own ? Optional.of(load(options, own, loader)) : join(options, first);
    }
    return leased.get();
  }

  /** Loads the model that others may wait for; they are told if there will be none. */
  private SharedModel load(
      LoadOptions options, CompletableFuture<SharedModel> loading, Supplier<Model> loader) {
    try {
      SharedModel shared = new SharedModel(loader.get());
      loading.complete(shared);
      return shared;
    } finally {
      if (!loading.isDone()) {
        models.asMap().remove(options, loading);
        loading.cancel(false);
      }
    }
  }

  /** Joins the users of a model; empty if it is not, or no longer, there. */
  private Optional<SharedModel> join(LoadOptions options, CompletableFuture<SharedModel> loading) {
    Optional<SharedModel> loaded = await(loading);
    if (loaded.isPresent() && loaded.get().model().hasEnded()) {
      models.asMap().remove(options, loading);
      return Optional.empty();
    }
    return loaded.filter(SharedModel::lease);
  }

  private static Optional<SharedModel> await(CompletableFuture<SharedModel> loading) {
    try {
      return Optional.of(loading.get());
    } catch (CancellationException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw InterruptedLoad.ofAnother(e);
    }
  }

  /** Closes every model, each when its last generation ends. */
  void close() {
    models.synchronous().invalidateAll();
    models.synchronous().cleanUp();
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
