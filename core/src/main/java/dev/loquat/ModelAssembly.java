package dev.loquat;

import dev.loquat.BackendAssembly.Loaded;
import dev.loquat.backend.Backend;
import dev.loquat.chat.ChatTemplate;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.source.ModelFolder;
import dev.loquat.device.Device;
import dev.loquat.internal.discovery.BackendAhead;
import dev.loquat.internal.engine.TextEngine;
import dev.loquat.internal.worker.WorkerInfo;
import dev.loquat.internal.worker.WorkerReplica;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.MemoryParts;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.MemoryRecorder;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.memory.ProcessMemory;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.LatencyRecorder;
import dev.loquat.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Puts a model together: checkpoint, backend, tokenizer, one engine or several. */
final class ModelAssembly {
  private final LoadOptions options;
  private final DownloadListener progress;
  private final List<EngineListener> listeners;
  private final MemoryRecorder memory = new MemoryRecorder();
  private final LatencyRecorder latency = new LatencyRecorder(System::nanoTime);
  private final AfterLoad afterLoad = new AfterLoad();
  private final long started = System.nanoTime();

  ModelAssembly(LoadOptions options, DownloadListener progress, List<EngineListener> listeners) {
    this.options = options;
    this.progress = progress;
    this.listeners = listeners;
  }

  Model load() {
    long residentBytes = ProcessMemory.current().residentBytes();
    memory.record(MemoryPhase.BEFORE_LOAD, new MemoryReading(0, residentBytes, OwnedMemory.NONE));
    BackendAhead.begin(options.backend(), options.device());
    try (ModelFolder folder = ModelFolder.resolve(options.source(), options.hub(), progress);
        Checkpoint checkpoint = Checkpoint.open(folder.folder())) {
      return load(checkpoint, folder.folder());
    } catch (RuntimeException e) {
      throw InterruptedLoad.of(e);
    }
  }

  MemoryPlan plan() {
    try (ModelFolder folder = ModelFolder.resolve(options.source(), options.hub(), progress);
        Checkpoint checkpoint = Checkpoint.open(folder.folder())) {
      return Planning.of(options, checkpoint).plan();
    } catch (RuntimeException e) {
      throw InterruptedLoad.of(e);
    }
  }

  private Model load(Checkpoint checkpoint, Path folder) {
    Planning planning = Planning.of(options, checkpoint);
    planning.requirePlaced();
    requireWithinLimit(planning);
    PlanWarning warning = PlanWarning.of(planning);
    try (TokenizerLoad tokenizer = TokenizerLoad.begin(checkpoint.folder())) {
      Optional<ChatTemplate> template = ChatTemplate.find(checkpoint.folder());
      Model model =
          tokenizer.beside(
              () ->
                  options.replicas().inProcesses()
                      ? processes(checkpoint, folder, planning, tokenizer, template)
                      : inThisProcess(checkpoint, planning, tokenizer, template));
      tokenizer.handOver();
      warning.log();
      return model;
    }
  }

  private Model inThisProcess(
      Checkpoint checkpoint,
      Planning planning,
      TokenizerLoad tokenizer,
      Optional<ChatTemplate> template) {
    List<Loaded> replicas = replicas(checkpoint, planning);
    Tokenizer text = closingOnFailure(replicas, tokenizer::await);
    ModelInfo info = closingOnFailure(replicas, () -> info(planning, replicas));
    TextEngine engine =
        new EngineAssembly(options, told(), checkpoint, text, info.load()).start(replicas);
    Model model = model(engine, template, info, checkpoint);
    GpuLoad.note(model);
    afterLoad.begin();
    return model;
  }

  /** A batch that was asked for has to fit into a limit that was, unless rungs may change it. */
  private void requireWithinLimit(Planning planning) {
    if (options.batch() == LoadOptions.PLANNED_BATCH
        || options.memoryLimit() == LoadOptions.NO_LIMIT
        || !options.outOfMemory().rungs().isEmpty()) {
      return;
    }
    if (planning.need().neededBytes() > options.memoryLimit()) {
      throw new PlanShortage(planning.plan()).beyond(options.memoryLimit());
    }
  }

  private Model model(
      TextEngine engine, Optional<ChatTemplate> template, ModelInfo info, Checkpoint checkpoint) {
    return new Model(engine, template, memory, latency, info, checkpoint.generationDefaults());
  }

  private Model processes(
      Checkpoint checkpoint,
      Path folder,
      Planning planning,
      TokenizerLoad tokenizer,
      Optional<ChatTemplate> template) {
    MemoryParts parts =
        new MemoryParts(
            memory,
            planning.replicas().size(),
            Optional.of(() -> ProcessMemory.current().residentBytes()));
    WorkerAssembly workers = new WorkerAssembly(options, progress, told(), planning, folder, parts);
    List<WorkerReplica> replicas = workers.start();
    try {
      WorkerInfo first = replicas.get(0).info();
      ModelInfo info = info(planning, first, replicas.size() * first.slots());
      TextEngine engine =
          new EngineAssembly(options, told(), checkpoint, tokenizer.await(), info.load())
              .group(planning.layout(), replicas, Optional.of(workers));
      return model(engine, template, info, checkpoint);
    } catch (RuntimeException | Error e) {
      workers.close();
      replicas.forEach(WorkerAssembly::close);
      throw e;
    }
  }

  private List<EngineListener> told() {
    return Stream.concat(Stream.of(latency), listeners.stream()).toList();
  }

  /** One after the other: later ones find what the first has converted and mapped. */
  private List<Loaded> replicas(Checkpoint checkpoint, Planning planning) {
    List<Device> devices = planning.replicas();
    MemoryParts parts = new MemoryParts(memory, devices.size(), Optional.empty());
    List<Loaded> loaded = new ArrayList<>();
    try {
      for (Device device : devices) {
        MemoryLog log = devices.size() == 1 ? memory : parts.part(loaded.size());
        loaded.add(
            new BackendAssembly(options, progress, afterLoad)
                .load(checkpoint, planning, device, log));
      }
      return planning.lanes() > 1 ? LaneAssembly.divide(loaded.get(0), planning.lanes()) : loaded;
    } catch (RuntimeException | Error e) {
      loaded.forEach(replica -> replica.backends().close());
      throw e;
    }
  }

  /** Does something while nobody else owns the loaded backends: if that fails, they are closed. */
  private static <T> T closingOnFailure(List<Loaded> replicas, Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException | Error e) {
      replicas.forEach(replica -> replica.backends().close());
      throw e;
    }
  }

  private ModelInfo info(Planning planning, List<Loaded> replicas) {
    Loaded first = replicas.get(0);
    Backend backend = first.backends().model();
    return info(
        planning,
        new WorkerInfo(
            backend.precision(),
            backend.cachePrecision(),
            backend.conversion(),
            first.layout().slots(),
            first.layout().contextLength()),
        replicas.stream().mapToInt(replica -> replica.layout().slots()).sum());
  }

  /** What all replicas are, of which one is known. */
  private ModelInfo info(Planning planning, WorkerInfo each, int slots) {
    return new ModelInfo(
        options.source(),
        planning.choice().provider().name(),
        planning.choice().device(),
        planning.precision().explain(each.precision()),
        each.cachePrecision(),
        slots,
        each.contextLength(),
        Duration.ofNanos(System.nanoTime() - started),
        each.conversion(),
        planning.stages(),
        planning.replicas());
  }
}
