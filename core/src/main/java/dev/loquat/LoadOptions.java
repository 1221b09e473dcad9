package dev.loquat;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.hub.HubOptions;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.Precision;
import dev.loquat.internal.worker.WorkerTerms;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.quantization.ConversionCache;
import java.util.Optional;

/**
 * All that tells one loaded model from another.
 *
 * @param source where the checkpoint comes from
 * @param device the device demanded; empty for the best
 * @param deviceMap how layers are spread over devices; empty for all on one
 * @param precision the precision asked for
 * @param batch how many generations run side by side; {@link #PLANNED_BATCH} for as many as fit
 * @param contextLength the most tokens of prompt and text together; {@link #MODEL_CONTEXT} for the
 *     model's own
 * @param backend the name of the backend demanded; empty for the best
 * @param threads the threads of a CPU; 0 lets the backend choose
 * @param stepTokens the most prompt tokens of a step
 * @param queueCapacity the most requests that wait for a slot
 * @param prefixCacheBytes the most bytes of KV cache kept for prompts that begin alike; 0 for none
 * @param memoryLimit the most bytes of the device's memory to take; {@link #NO_LIMIT} for all of it
 * @param outOfMemory what is tried where memory does not suffice
 * @param draftSource where the checkpoint of a draft model comes from; empty for none
 * @param conversionCache where weights are kept that were converted to the precision
 * @param half what FP16 and BF16 mean
 * @param cachePrecision what keys and values shall be held in; AUTO for the backend's choice
 * @param hub how a model hub is reached
 * @param replicas how many times the model is loaded
 */
record LoadOptions(
    ModelSource source,
    Optional<Device> device,
    Optional<DeviceMap> deviceMap,
    Precision precision,
    int batch,
    int contextLength,
    Optional<String> backend,
    int threads,
    int stepTokens,
    int queueCapacity,
    long prefixCacheBytes,
    ConversionCache conversionCache,
    long memoryLimit,
    OutOfMemoryPolicy outOfMemory,
    Optional<ModelSource> draftSource,
    HalfPrecision half,
    Precision cachePrecision,
    HubOptions hub,
    Replicas replicas) {
  static final int MODEL_CONTEXT = 0;

  static final int PLANNED_BATCH = 0;

  static final long NO_LIMIT = Long.MAX_VALUE;

  /** As many threads are allowed on any machine. */
  static final int MODEST_THREADS = 64;

  static final int THREADS_PER_PROCESSOR = 4;

  LoadOptions {
    if (batch < PLANNED_BATCH) {
      throw new IllegalArgumentException("batch is " + batch + "; expected 1 or more");
    }
    if (contextLength < MODEL_CONTEXT || contextLength == 1) {
      throw new IllegalArgumentException(
          "contextLength is " + contextLength + "; expected 2 or more");
    }
    requireThreads(threads);
    requireOneOrMore("stepTokens", stepTokens);
    requireOneOrMore("queueCapacity", queueCapacity);
    if (prefixCacheBytes < 0) {
      throw new IllegalArgumentException(
          "prefixCache is " + prefixCacheBytes + " bytes; expected 0 (none) or more");
    }
    if (memoryLimit < 1) {
      throw new IllegalArgumentException(
          "memoryLimit is " + memoryLimit + " bytes; expected 1 or more");
    }
  }

  /** More threads than a machine can use take it minutes to start. */
  private static void requireThreads(int threads) {
    int most = Math.max(MODEST_THREADS, THREADS_PER_PROCESSOR * processors());
    if (threads < BackendOptions.AUTO_THREADS || threads > most) {
      throw new IllegalArgumentException(
          "threads is "
              + threads
              + "; expected 1 to "
              + most
              + " on this machine, which has "
              + processors()
              + " processors");
    }
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static void requireOneOrMore(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; expected 1 or more");
    }
  }

  /**
   * The context length that a model gets.
   *
   * @throws IllegalArgumentException if it was not made for so long a one
   */
  int contextOf(ModelConfig config) {
    if (contextLength > config.contextLength()) {
      throw new IllegalArgumentException(
          "contextLength is "
              + contextLength
              + "; this model was made for at most "
              + config.contextLength()
              + " tokens");
    }
    return contextLength == MODEL_CONTEXT ? config.contextLength() : contextLength;
  }

  /**
   * Checks that pure half precision is asked of a half precision, and of keys and values, too.
   *
   * @throws IllegalArgumentException if it is not
   */
  void requireHalf() {
    if (half.pure() && !precision.isHalf()) {
      throw new IllegalArgumentException(
          "pureHalf goes with FP16 or BF16, but the precision is "
              + precision
              + ". Ask for one of these with withPrecision, or leave pureHalf out.");
    }
    if (half.pure() && cachePrecision != Precision.AUTO) {
      throw new IllegalArgumentException(
          "pureHalf holds keys and values in "
              + precision
              + ", too. Leave withCachePrecision out, or pureHalf.");
    }
  }

  /**
   * Where converted weights are kept: what is unpacked anew for every start has other files then.
   */
  ConversionCache keptConversions() {
    return source instanceof ModelSource.Classpath ? ConversionCache.off() : conversionCache;
  }

  /** What a backend is asked for before the precision is chosen, where it is left open. */
  Precision precisionToFind() {
    return precision == Precision.AUTO ? Precision.FP32 : precision;
  }

  /** Who leaves the precision open wants a model that runs. */
  HalfPrecision effectiveHalf() {
    return precision == Precision.AUTO ? new HalfPrecision(false, BeyondRange.WIDEN) : half;
  }

  /** Those that a worker is given. */
  static LoadOptions of(WorkerTerms terms) {
    Draft draft =
        new Draft(
            of(ModelSource.parse(terms.source()), HubOptions.fromEnvironment(System.getenv())));
    draft.device = Optional.of(terms.device());
    draft.precision = terms.precision();
    draft.batch = terms.batch();
    draft.contextLength = terms.contextLength();
    draft.backend = Optional.of(terms.backend());
    draft.threads = terms.threads();
    draft.stepTokens = terms.stepTokens();
    draft.prefixCacheBytes = terms.prefixCacheBytes();
    draft.conversionCache = terms.conversionCache();
    draft.memoryLimit = terms.memoryLimit().orElse(NO_LIMIT);
    draft.outOfMemory = terms.outOfMemory();
    draft.draftSource = terms.draftSource().map(ModelSource::parse);
    draft.half = terms.half();
    draft.cachePrecision = terms.cachePrecision();
    return draft.options();
  }

  /** The defaults of a source. */
  static LoadOptions of(ModelSource source, HubOptions hub) {
    return new LoadOptions(
        source,
        Optional.empty(),
        Optional.empty(),
        Precision.FP32,
        PLANNED_BATCH,
        MODEL_CONTEXT,
        Optional.empty(),
        BackendOptions.AUTO_THREADS,
        ModelLoader.DEFAULT_STEP_TOKENS,
        ModelLoader.DEFAULT_QUEUE_CAPACITY,
        ModelLoader.DEFAULT_PREFIX_CACHE_BYTES,
        ConversionCache.fromEnvironment(System.getenv()),
        NO_LIMIT,
        OutOfMemoryPolicy.FAIL,
        Optional.empty(),
        HalfPrecision.MIXED,
        Precision.AUTO,
        hub,
        Replicas.ONE);
  }

  /** Options while one of them changes. */
  static final class Draft {
    ModelSource source;
    Optional<Device> device;
    Optional<DeviceMap> deviceMap;
    Precision precision;
    int batch;
    int contextLength;
    Optional<String> backend;
    int threads;
    int stepTokens;
    int queueCapacity;
    long prefixCacheBytes;
    ConversionCache conversionCache;
    long memoryLimit;
    OutOfMemoryPolicy outOfMemory;
    Optional<ModelSource> draftSource;
    HalfPrecision half;
    Precision cachePrecision;
    HubOptions hub;
    Replicas replicas;

    Draft(LoadOptions options) {
      source = options.source();
      device = options.device();
      deviceMap = options.deviceMap();
      precision = options.precision();
      batch = options.batch();
      contextLength = options.contextLength();
      backend = options.backend();
      threads = options.threads();
      stepTokens = options.stepTokens();
      queueCapacity = options.queueCapacity();
      prefixCacheBytes = options.prefixCacheBytes();
      conversionCache = options.conversionCache();
      memoryLimit = options.memoryLimit();
      outOfMemory = options.outOfMemory();
      draftSource = options.draftSource();
      half = options.half();
      cachePrecision = options.cachePrecision();
      hub = options.hub();
      replicas = options.replicas();
    }

    LoadOptions options() {
      return new LoadOptions(
          source,
          device,
          deviceMap,
          precision,
          batch,
          contextLength,
          backend,
          threads,
          stepTokens,
          queueCapacity,
          prefixCacheBytes,
          conversionCache,
          memoryLimit,
          outOfMemory,
          draftSource,
          half,
          cachePrecision,
          hub,
          replicas);
    }
  }
}
