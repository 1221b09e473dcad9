package dev.loquat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.chat.ChatTemplate;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.source.ModelFolder;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.engine.DraftBackend;
import dev.loquat.internal.engine.Engine;
import dev.loquat.internal.engine.EngineBackends;
import dev.loquat.internal.engine.EngineLimits;
import dev.loquat.internal.engine.EngineSettings;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.MemoryRecorder;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.memory.ProcessMemory;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.LatencyRecorder;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts a model together: checkpoint, backend, tokenizer, engine. */
final class ModelAssembly {
  private final LoadOptions options;
  private final DownloadListener progress;
  private final List<EngineListener> listeners;
  private final MemoryRecorder memory = new MemoryRecorder();
  private final LatencyRecorder latency = new LatencyRecorder(System::nanoTime);
  private final ProcessMemory process = ProcessMemory.current();
  private final long peakBefore = process.peakBytes();
  private final long started = System.nanoTime();

  ModelAssembly(LoadOptions options, DownloadListener progress, List<EngineListener> listeners) {
    this.options = options;
    this.progress = progress;
    this.listeners = listeners;
  }

  Model load() {
    memory.record(MemoryPhase.BEFORE_LOAD, reading(0, OwnedMemory.NONE));
    try (ModelFolder folder = ModelFolder.resolve(options.source(), options.hub(), progress);
        Checkpoint checkpoint = Checkpoint.open(folder.folder())) {
      return load(checkpoint);
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

  private Model load(Checkpoint checkpoint) {
    Planning planning = Planning.of(options, checkpoint);
    BackendChoice choice = planning.choice();
    CacheLayout layout = planning.layout();
    MemoryLedger ledger = planning.ledger(layout);
    Optional<ChatTemplate> template = ChatTemplate.find(checkpoint.folder());
    Tokenizer tokenizer = Tokenizer.open(checkpoint.folder());
    try {
      EngineBackends backends =
          open(checkpoint, choice, planning.backendOptions(conversionCache(), ledger));
      ModelInfo info = describe(planning, backends, layout);
      Engine engine =
          Engine.start(settings(checkpoint, tokenizer, info.load(), ledger), backends, layout);
      return new Model(engine, template, memory, latency, info, checkpoint.generationDefaults());
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The draft model first: it is smaller, and sooner found unfit. */
  private EngineBackends open(Checkpoint checkpoint, BackendChoice choice, BackendOptions terms) {
    Optional<DraftBackend> draft =
        options.draftSource().map(source -> openDraft(source, checkpoint, choice, terms));
    try {
      return new EngineBackends(choice.provider().open(checkpoint, terms), draft);
    } catch (RuntimeException | Error e) {
      draft.ifPresent(opened -> opened.backend().close());
      throw e;
    }
  }

  private DraftBackend openDraft(
      ModelSource source, Checkpoint checkpoint, BackendChoice choice, BackendOptions terms) {
    try (ModelFolder folder = ModelFolder.resolve(source, options.hub(), progress);
        Checkpoint draft = Checkpoint.open(folder.folder())) {
      DraftChecks.requireFits(source, draft, checkpoint);
      ModelConfig config = draft.config();
      DraftChecks.requireSupported(
          source, choice.provider().supports(config, choice.device(), terms.precision()));
      Backend backend = choice.provider().open(draft, terms);
      return new DraftBackend(backend, config.vocabularySize(), config.contextLength());
    }
  }

  /** Asks the loaded backend what it is; nobody else owns it yet, so it is closed if that fails. */
  private ModelInfo describe(Planning planning, EngineBackends backends, CacheLayout layout) {
    try {
      recordLoad(backends);
      return info(planning, backends.model(), layout);
    } catch (RuntimeException | Error e) {
      backends.close();
      throw e;
    }
  }

  /** What is unpacked anew for every start has other files each time. */
  private ConversionCache conversionCache() {
    return options.source() instanceof ModelSource.Classpath
        ? ConversionCache.off()
        : options.conversionCache();
  }

  private ModelInfo info(Planning planning, Backend backend, CacheLayout layout) {
    return new ModelInfo(
        options.source(),
        planning.choice().provider().name(),
        planning.choice().device(),
        planning.precision().explain(backend.precision()),
        layout.slots(),
        layout.contextLength(),
        Duration.ofNanos(System.nanoTime() - started),
        backend.conversion(),
        planning.stages());
  }

  private EngineSettings settings(
      Checkpoint checkpoint, Tokenizer tokenizer, Duration load, MemoryLedger ledger) {
    return new EngineSettings(
        tokenizer,
        checkpoint.generationDefaults().endTokens(),
        checkpoint.config().vocabularySize(),
        memory,
        ledger,
        System::nanoTime,
        load,
        told(),
        limits(checkpoint.config()),
        options.outOfMemory());
  }

  private List<EngineListener> told() {
    return Stream.concat(Stream.of(latency), listeners.stream()).toList();
  }

  private EngineLimits limits(ModelConfig config) {
    long keptTokens = options.prefixCacheBytes() / cachedBytesPerToken(config);
    return new EngineLimits(options.stepTokens(), options.queueCapacity(), keptTokens);
  }

  /** Keys and values of every layer, four bytes each; less where the cache is narrower. */
  private static long cachedBytesPerToken(ModelConfig config) {
    return config.layers().stream()
        .map(LayerConfig::attention)
        .mapToLong(attention -> attention.cachedNumbers() * Float.BYTES)
        .sum();
  }

  /** The system's own record tells what loading took at most, if it took more than ever before. */
  private void recordLoad(EngineBackends backends) {
    long deviceBytes = backends.allocatedBytes();
    long peakBytes = process.peakBytes();
    if (peakBytes > peakBefore) {
      memory.observe(MemoryPhase.AFTER_LOAD, new MemoryReading(deviceBytes, peakBytes));
    }
    memory.record(MemoryPhase.AFTER_LOAD, reading(deviceBytes, backends.ownedMemory()));
  }

  private MemoryReading reading(long deviceBytes, OwnedMemory owned) {
    return new MemoryReading(deviceBytes, process.residentBytes(), owned);
  }
}
