package dev.loquat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.source.ModelFolder;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.Device;
import dev.loquat.internal.engine.DraftBackend;
import dev.loquat.internal.engine.EngineBackends;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.ProcessMemory;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Loads what an engine runs: the model, and the draft model where there is one. */
final class BackendAssembly {
  private final LoadOptions options;
  private final DownloadListener progress;
  private final Executor afterLoad;
  private final ProcessMemory process = ProcessMemory.current();
  private final long peakBefore = process.peakBytes();

  /** Gives what need not be done before the first step to another to run. */
  BackendAssembly(LoadOptions options, DownloadListener progress, Executor afterLoad) {
    this.options = options;
    this.progress = progress;
    this.afterLoad = afterLoad;
  }

  /** What was loaded, and what accounts for it; the caller closes it. */
  record Loaded(
      EngineBackends backends, CacheLayout layout, MemoryLedger ledger, MemoryLog memory) {}

  Loaded load(Checkpoint checkpoint, Planning planning, Device device, MemoryLog memory) {
    CacheLayout layout = planning.layout();
    MemoryLedger ledger = planning.ledger(layout);
    BackendOptions terms =
        planning.backendOptions(device, options.keptConversions(), ledger).withAfterLoad(afterLoad);
    EngineBackends backends = open(checkpoint, planning.choice().provider(), terms);
    try {
      recordLoad(backends, memory);
      return new Loaded(backends, layout, ledger, memory);
    } catch (RuntimeException | Error e) {
      backends.close();
      throw e;
    }
  }

  /** The draft model first: it is smaller, and sooner found unfit. */
  private EngineBackends open(
      Checkpoint checkpoint, BackendProvider provider, BackendOptions terms) {
    Optional<DraftBackend> draft =
        options.draftSource().map(source -> openDraft(source, checkpoint, provider, terms));
    try {
      Backend model =
          GpuLoad.open(terms.device(), provider.name(), () -> provider.open(checkpoint, terms));
      return new EngineBackends(model, draft);
    } catch (RuntimeException | Error e) {
      draft.ifPresent(opened -> opened.backend().close());
      throw e;
    }
  }

  private DraftBackend openDraft(
      ModelSource source, Checkpoint checkpoint, BackendProvider provider, BackendOptions terms) {
    try (ModelFolder folder = ModelFolder.resolve(source, options.hub(), progress);
        Checkpoint draft = Checkpoint.open(folder.folder())) {
      DraftChecks.requireFits(source, draft, checkpoint);
      ModelConfig config = draft.config();
      DraftChecks.requireSupported(
          source, provider.supports(config, terms.device(), terms.precision()));
      Backend backend =
          GpuLoad.open(terms.device(), provider.name(), () -> provider.open(draft, terms));
      return new DraftBackend(backend, config.vocabularySize(), config.contextLength());
    }
  }

  /** The system's own record tells what loading took at most, if it took more than ever before. */
  private void recordLoad(EngineBackends backends, MemoryLog memory) {
    long deviceBytes = backends.allocatedBytes();
    long peakBytes = process.peakBytes();
    if (peakBytes > peakBefore) {
      memory.observe(MemoryPhase.AFTER_LOAD, new MemoryReading(deviceBytes, peakBytes));
    }
    memory.record(
        MemoryPhase.AFTER_LOAD,
        new MemoryReading(deviceBytes, process.residentBytes(), backends.ownedMemory()));
  }
}
