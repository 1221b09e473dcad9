package dev.loquat;

import dev.loquat.BackendAssembly.Loaded;
import dev.loquat.backend.CacheLayout;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.internal.engine.Engine;
import dev.loquat.internal.engine.EngineLimits;
import dev.loquat.internal.engine.EngineSettings;
import dev.loquat.internal.engine.Listeners;
import dev.loquat.internal.engine.RequestIntake;
import dev.loquat.internal.engine.TextEngine;
import dev.loquat.internal.replica.BorrowedTokenizer;
import dev.loquat.internal.replica.EngineReplica;
import dev.loquat.internal.replica.GroupSettings;
import dev.loquat.internal.replica.PromptBlocks;
import dev.loquat.internal.replica.Replica;
import dev.loquat.internal.replica.ReplicaGroup;
import dev.loquat.internal.replica.Reviver;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.MemoryRecorder;
import dev.loquat.observation.EngineListener;
import dev.loquat.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts the engine of a loaded model, or one for each replica behind a queue. */
final class EngineAssembly {
  private final LoadOptions options;
  private final List<EngineListener> listeners;
  private final Checkpoint checkpoint;
  private final Tokenizer tokenizer;
  private final Duration load;

  EngineAssembly(
      LoadOptions options,
      List<EngineListener> listeners,
      Checkpoint checkpoint,
      Tokenizer tokenizer,
      Duration load) {
    this.options = options;
    this.listeners = listeners;
    this.checkpoint = checkpoint;
    this.tokenizer = tokenizer;
    this.load = load;
  }

  /** Starts it; what was loaded is the engine's, or closed if this fails. The tokenizer isn't. */
  TextEngine start(List<Loaded> replicas) {
    return replicas.size() == 1 ? single(replicas.get(0)) : group(replicas);
  }

  private List<EngineReplica> startAll(List<Loaded> replicas) {
    Tokenizer borrowed = new BorrowedTokenizer(tokenizer);
    List<EngineReplica> engines = new ArrayList<>();
    try {
      for (Loaded replica : replicas) {
        int index = engines.size();
        List<EngineListener> told =
            listeners.stream().map(listener -> listener.forReplica(index)).toList();
        engines.add(new EngineReplica(start(replica, borrowed, told)));
      }
      return engines;
    } catch (RuntimeException | Error e) {
      engines.forEach(replica -> replica.engine().close());
      replicas.stream().skip(engines.size()).forEach(replica -> replica.backends().close());
      throw e;
    }
  }

  /** Each request must fit wherever it goes; of lanes the last one has the fewest slots. */
  private ReplicaGroup group(List<Loaded> replicas) {
    CacheLayout narrowest = replicas.get(replicas.size() - 1).layout();
    return group(narrowest, startAll(replicas), Optional.empty());
  }

  /** Puts running replicas of this layout behind a queue; they are the group's. */
  ReplicaGroup group(
      CacheLayout layout, List<? extends Replica> replicas, Optional<Reviver> reviver) {
    EngineSettings settings =
        settings(new MemoryRecorder(), MemoryLedger.unlimited(), tokenizer, List.of());
    boolean drafts = options.draftSource().isPresent();
    int keptBlocks =
        Math.max(1, layout.slots() * (layout.contextLength() / PromptBlocks.BLOCK_TOKENS));
    return new ReplicaGroup(
        new GroupSettings(
            new RequestIntake(settings, layout, drafts),
            tokenizer,
            settings.nanoClock(),
            options.queueCapacity(),
            keptBlocks,
            options.replicas().retriesRunning(),
            new Listeners(listeners),
            reviver),
        replicas);
  }

  /** Starts the only engine; the tokenizer is the engine's. */
  Engine single(Loaded loaded) {
    return start(loaded, tokenizer, listeners);
  }

  private Engine start(Loaded replica, Tokenizer text, List<EngineListener> told) {
    EngineSettings settings = settings(replica.memory(), replica.ledger(), text, told);
    return Engine.start(settings, replica.backends(), replica.layout());
  }

  private EngineSettings settings(
      MemoryLog memory, MemoryLedger ledger, Tokenizer text, List<EngineListener> told) {
    return new EngineSettings(
        text,
        checkpoint.generationDefaults().endTokens(),
        checkpoint.config().vocabularySize(),
        memory,
        ledger,
        System::nanoTime,
        load,
        told,
        limits(checkpoint.config()),
        options.outOfMemory());
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
}
