package dev.loquat;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.source.ModelFolder;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.Device;
import dev.loquat.internal.engine.Listeners;
import dev.loquat.internal.engine.TextEngine;
import dev.loquat.internal.replica.Reviver;
import dev.loquat.internal.worker.WorkerCommand;
import dev.loquat.internal.worker.WorkerEars;
import dev.loquat.internal.worker.WorkerProcesses;
import dev.loquat.internal.worker.WorkerReplica;
import dev.loquat.internal.worker.WorkerTerms;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryParts;
import dev.loquat.observation.EngineListener;
import dev.loquat.quantization.ConversionCache;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Starts the processes of replicas, for the first time and again.
 *
 * <p>Safe for use by several threads.
 */
final class WorkerAssembly implements Reviver {
  /** The next process that waits is not started beside the first steps of the one that waited. */
  private static final Duration BEFORE_NEXT_SPARE = Duration.ofSeconds(10);

  private final LoadOptions options;
  private final Planning planning;
  private final List<WorkerTerms> terms = new ArrayList<>();
  private final List<WorkerEars> ears = new ArrayList<>();
  private final WorkerProcesses processes;

  /** Plans the processes; nothing is started yet. */
  WorkerAssembly(
      LoadOptions options,
      DownloadListener progress,
      List<EngineListener> listeners,
      Planning planning,
      Path folder,
      MemoryParts memory) {
    this.options = options;
    this.planning = planning;
    processes =
        new WorkerProcesses(
            new WorkerCommand(ReplicaWorker.class, options.replicas().jvmOptions()));
    Optional<String> draft = options.draftSource().map(source -> draft(source, progress));
    List<Device> devices = planning.replicas();
    for (int i = 0; i < devices.size(); i++) {
      int index = i;
      List<EngineListener> told =
          listeners.stream().map(listener -> listener.forReplica(index)).toList();
      ears.add(new WorkerEars(new Listeners(told), memory.part(i)));
      terms.add(terms(devices, devices.get(i), text(options.source(), folder), draft));
    }
  }

  /** Starts all, one after the other: later ones find what the first has converted. */
  List<WorkerReplica> start() {
    List<WorkerReplica> started = new ArrayList<>();
    try {
      for (int i = 0; i < terms.size(); i++) {
        started.add(start(i));
      }
      keepSpare(0, Duration.ZERO);
      return started;
    } catch (RuntimeException | Error e) {
      started.forEach(WorkerAssembly::close);
      ears.forEach(WorkerEars::close);
      throw e;
    }
  }

  static void close(WorkerReplica replica) {
    boolean unused = replica.close(TextEngine.CLOSE_PATIENCE);
  }

  private WorkerReplica start(int index) {
    return WorkerReplica.start(
        "loquat-replica-" + index, processes, terms.get(index), ears.get(index));
  }

  private void keepSpare(int index, Duration wait) {
    if (options.replicas().keepsSpare()) {
      processes.keepSpare(terms.get(index), wait);
    }
  }

  @Override
  public WorkerReplica revive(int index) {
    WorkerReplica started = start(index);
    try {
      keepSpare(index, BEFORE_NEXT_SPARE);
      return started;
    } catch (RuntimeException | Error e) {
      close(started);
      throw e;
    }
  }

  @Override
  public void requestClose() {
    processes.requestClose();
  }

  @Override
  public void close() {
    processes.close();
  }

  private WorkerTerms terms(
      List<Device> devices, Device device, String source, Optional<String> draft) {
    BackendOptions how =
        planning.backendOptions(device, options.conversionCache(), MemoryLedger.unlimited());
    CacheLayout layout = planning.layout();
    Optional<ConversionCache.Folder> kept = keptConversions();
    return new WorkerTerms(
        source,
        draft,
        planning.choice().provider().name(),
        device,
        how.precision(),
        how.half(),
        how.cachePrecision(),
        layout.slots(),
        layout.contextLength(),
        how.threads(),
        options.stepTokens(),
        options.prefixCacheBytes(),
        limit(Collections.frequency(devices, device)),
        options.outOfMemory(),
        kept.map(folder -> folder.folder().toAbsolutePath().toString()),
        kept.map(ConversionCache.Folder::maxBytes).orElse(0L));
  }

  private OptionalLong limit(int together) {
    return options.memoryLimit() == LoadOptions.NO_LIMIT
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(1, options.memoryLimit() / together));
  }

  private Optional<ConversionCache.Folder> keptConversions() {
    return options.conversionCache() instanceof ConversionCache.Folder folder
        ? Optional.of(folder)
        : Optional.empty();
  }

  /** A process finds on its class path what this one finds on its own. */
  private static String text(ModelSource source, Path folder) {
    return source instanceof ModelSource.Classpath
        ? source.toString()
        : folder.toAbsolutePath().toString();
  }

  private String draft(ModelSource source, DownloadListener progress) {
    try (ModelFolder folder = ModelFolder.resolve(source, options.hub(), progress)) {
      return text(source, folder.folder());
    }
  }
}
