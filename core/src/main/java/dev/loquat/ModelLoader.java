package dev.loquat;

import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.hub.HubOptions;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.Precision;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationResult;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.JfrListener;
import dev.loquat.observation.OutOfMemoryReport;
import dev.loquat.quantization.ConversionCache;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How a model is loaded, and the calls that load it.
 *
 * <p>Immutable: every setter returns a new loader. Safe for use by several threads.
 */
public final class ModelLoader {
  /** The most generations that run side by side where {@link #batch} sets no number. */
  public static final int DEFAULT_BATCH = 4;

  /** The most prompt tokens of a step where {@link #stepTokens} sets no number. */
  public static final int DEFAULT_STEP_TOKENS = 512;

  /** The most requests that wait where {@link #queueCapacity} sets no number. */
  public static final int DEFAULT_QUEUE_CAPACITY = 1024;

  /** The bytes of KV cache kept for reuse where {@link #prefixCache} sets no number: 256 MiB. */
  public static final long DEFAULT_PREFIX_CACHE_BYTES = 256L << 20;

  private static final Set<Precision> CACHE_PRECISIONS =
      Collections.unmodifiableSet(EnumSet.of(Precision.FP32, Precision.FP16, Precision.INT8));

  private final LoadOptions options;
  private final DownloadListener progress;
  private final List<EngineListener> listeners;

  private ModelLoader(
      LoadOptions options, DownloadListener progress, List<EngineListener> listeners) {
    this.options = options;
    this.progress = progress;
    this.listeners = List.copyOf(listeners);
  }

  static ModelLoader of(ModelSource source, HubOptions hub) {
    return new ModelLoader(
        LoadOptions.of(source, hub), DownloadListener.none(), List.of(new JfrListener()));
  }

  /**
   * Takes the best device that a backend can use: GPUs before the CPU, the one with the most free
   * memory among equals. This is the default. Of {@code onDevice} and {@link #onDevices} the last
   * one given counts.
   *
   * @return a loader with the option
   */
  public ModelLoader onDevice() {
    return onDevice(Optional.empty());
  }

  /**
   * Demands a device. Of {@code onDevice} and {@link #onDevices} the last one given counts.
   *
   * @param device the device; loading fails where it is not there or no backend can use it
   * @return a loader with the option
   */
  public ModelLoader onDevice(Device device) {
    return onDevice(Optional.of(device));
  }

  /**
   * Spreads the model's layers over several devices: stage by stage, which compute different parts
   * of a step at the same time. Of {@link #onDevice} and this the last one given counts. One
   * backend runs all stages; {@link #plan} prints where which layers would lie. A draft model and
   * {@link #memoryLimit} can't be combined with it, and of {@link #onOutOfMemory} only the rungs
   * between steps are taken.
   *
   * @param map the devices, their limits, and how layers are dealt out
   * @return a loader with the option
   */
  public ModelLoader onDevices(DeviceMap map) {
    Objects.requireNonNull(map, "map");
    return with(
        draft -> {
          draft.device = Optional.empty();
          draft.deviceMap = Optional.of(map);
        });
  }

  /**
   * Asks for a precision. The default is FP32. What became of it is in {@link ModelInfo#precision},
   * with the weights that are held wider. {@link Precision#AUTO} leaves the choice to the backend
   * and to memory. FP16 and BF16 mean mixed precision: matrix products are narrow, norms, softmax
   * and logits computed in FP32.
   *
   * @param precision the precision
   * @return a loader with the option
   */
  public ModelLoader withPrecision(Precision precision) {
    Objects.requireNonNull(precision, "precision");
    return with(draft -> draft.precision = precision);
  }

  /**
   * Has FP16 or BF16 mean pure half precision: norms, softmax and logits are computed in it, too.
   * Less exact; for comparison with models that run so elsewhere. Loading fails with {@link
   * dev.loquat.error.BackendUnavailableException} where no backend can, and with an {@link
   * IllegalArgumentException} if the precision is another one.
   *
   * @return a loader with the option
   */
  public ModelLoader pureHalf() {
    return with(draft -> draft.half = new HalfPrecision(true, draft.half.beyondRange()));
  }

  /**
   * Sets what keys and values are held in: {@link Precision#FP32}, {@link Precision#FP16} or {@link
   * Precision#INT8}, where the backend can. By default the backend holds them in the type that it
   * computes in. INT8 takes a quarter of FP32's memory, reads long contexts faster and changes what
   * a model says a little. The plan counts it, {@link ModelInfo#cachePrecision} tells it, and
   * loading fails with {@link dev.loquat.error.BackendUnavailableException} where no backend can.
   *
   * @param precision the precision of the KV cache
   * @return a loader with the option
   * @throws IllegalArgumentException if it is none of the three
   */
  public ModelLoader withCachePrecision(Precision precision) {
    Objects.requireNonNull(precision, "precision");
    if (!CACHE_PRECISIONS.contains(precision)) {
      throw new IllegalArgumentException(
          "The precision of the KV cache is "
              + precision
              + "; expected one of "
              + CACHE_PRECISIONS
              + ", or leave withCachePrecision out for the backend's choice");
    }
    return with(draft -> draft.cachePrecision = precision);
  }

  /**
   * Sets what becomes of a model some of whose weights are rounded to no number of FP16 or BF16,
   * which are those from 65,520 on and from 3.3961775E38 on. The default is {@link
   * BeyondRange#REFUSE}; {@link Precision#AUTO} widens. Weights that are no finite numbers are
   * refused in every precision.
   *
   * @param choice refuse or widen
   * @return a loader with the option
   */
  public ModelLoader beyondRange(BeyondRange choice) {
    Objects.requireNonNull(choice, "choice");
    return with(draft -> draft.half = new HalfPrecision(draft.half.pure(), choice));
  }

  /**
   * Sets how many generations run side by side; more wait their turn. The default is as many as fit
   * into the device's memory with their whole contexts, 1 to {@value #DEFAULT_BATCH}. Memory is
   * taken as sequences grow, not for whole contexts; the ONNX backend takes it for at least 256
   * positions of every slot at once. Under a {@link #memoryLimit} there must be room for whole
   * contexts, unless {@link #onOutOfMemory} names rungs.
   *
   * @param slots 1 or more
   * @return a loader with the option
   */
  public ModelLoader batch(int slots) {
    if (slots < 1) {
      throw new IllegalArgumentException("batch is " + slots + "; expected 1 or more");
    }
    return with(draft -> draft.batch = slots);
  }

  /**
   * Limits the context. The default is the model's own context length.
   *
   * @param tokens the most tokens of prompt and text together, 2 or more; at most the model's own
   * @return a loader with the option
   */
  public ModelLoader contextLength(int tokens) {
    if (tokens < 2) {
      throw new IllegalArgumentException("contextLength is " + tokens + "; expected 2 or more");
    }
    return with(draft -> draft.contextLength = tokens);
  }

  /**
   * Demands a backend. The default is the one with the highest priority that can do the job.
   *
   * @param name its name in lower case, such as "onnx" or "djl"
   * @return a loader with the option
   */
  public ModelLoader backend(String name) {
    Objects.requireNonNull(name, "name");
    return with(draft -> draft.backend = Optional.of(name));
  }

  /**
   * Sets how many threads a CPU computes with. The default is the backend's choice, one for each
   * core.
   *
   * @param count from 1 to 4 for each processor of the machine, or to 64 if that is more
   * @return a loader with the option
   */
  public ModelLoader threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads is " + count + "; expected 1 or more");
    }
    return with(draft -> draft.threads = count);
  }

  /**
   * Sets how many prompt tokens a step takes beside the running generations. More prefill long
   * prompts faster; fewer hold running generations up for a shorter time. The default is {@value
   * #DEFAULT_STEP_TOKENS}.
   *
   * @param tokens 1 or more
   * @return a loader with the option
   */
  public ModelLoader stepTokens(int tokens) {
    return with(draft -> draft.stepTokens = tokens);
  }

  /**
   * Sets how many requests may wait for a slot. Calls that wait for their text wait for a place,
   * too; asynchronous ones are refused with {@link dev.loquat.error.QueueFullException}. The
   * default is {@value #DEFAULT_QUEUE_CAPACITY}.
   *
   * @param requests 1 or more
   * @return a loader with the option
   */
  public ModelLoader queueCapacity(int requests) {
    return with(draft -> draft.queueCapacity = requests);
  }

  /**
   * Limits what stays in the KV cache of generations that have ended, so that a prompt that begins
   * like one of theirs, such as the next turn of a chat, starts behind that beginning. It stays in
   * the slots of {@link #batch}; no memory is taken in advance. The default is {@value
   * #DEFAULT_PREFIX_CACHE_BYTES}.
   *
   * @param bytes the most to keep; 0 computes every prompt whole
   * @return a loader with the option
   */
  public ModelLoader prefixCache(long bytes) {
    return with(draft -> draft.prefixCacheBytes = bytes);
  }

  /**
   * Loads a second, smaller model beside the model, which guesses ahead where {@link
   * Generator#speculate(DraftSource, int)} asks it to. It runs in the same backend, on the same
   * device and in the same precision, counts in {@link Model#memory} and is closed with the model.
   * The default is none.
   *
   * @param source where its checkpoint comes from, as {@link Loquat#model(String)} takes it; its
   *     vocabulary must be the model's
   * @return a loader with the option
   * @throws IllegalArgumentException if the source has none of the forms
   */
  public ModelLoader draftModel(String source) {
    return draftModel(ModelSource.parse(Objects.requireNonNull(source, "source")));
  }

  /**
   * Loads a second, smaller model beside the model, which guesses ahead.
   *
   * @param folder a folder with its checkpoint; its vocabulary must be the model's
   * @return a loader with the option
   * @see #draftModel(String)
   */
  public ModelLoader draftModel(Path folder) {
    return draftModel(new ModelSource.Folder(Objects.requireNonNull(folder, "folder")));
  }

  /**
   * Sets where weights are kept that were converted to INT8 or INT4, or rounded to FP16 or BF16 for
   * a backend that computes in FP32, so that the next start reads them back. The default is the
   * folder {@code loquat/converted} in the user's cache ({@code XDG_CACHE_HOME}, by default {@code
   * ~/.cache}), of at most 16 GiB. A cache that can't be read or written is no failure: {@link
   * ModelInfo#conversion} tells of it.
   *
   * @param cache a folder, or {@link ConversionCache#off}
   * @return a loader with the option
   */
  public ModelLoader conversionCache(ConversionCache cache) {
    Objects.requireNonNull(cache, "cache");
    return with(draft -> draft.conversionCache = cache);
  }

  /**
   * Limits how much of its device's memory the model takes, as if the device had no more: weights,
   * KV cache and what steps need beside them; on a CPU also what comes to the process with it, such
   * as its tokenizer. Loading fails if not even a short context of one generation fits, or, without
   * rungs in {@link #onOutOfMemory}, if a {@link #batch} of whole contexts that was asked for does
   * not; and a generation whose KV cache would grow beyond the limit fails, all with {@link
   * dev.loquat.error.OutOfMemoryException}. The default is the memory that the device has.
   *
   * @param bytes 1 or more
   * @return a loader with the option
   */
  public ModelLoader memoryLimit(long bytes) {
    return with(draft -> draft.memoryLimit = bytes);
  }

  /**
   * Sets what is tried where memory does not suffice. When the model is loaded, all rungs are,
   * until the plan fits; when a step fails, {@link OutOfMemoryRung#FREE_CACHES} and {@link
   * OutOfMemoryRung#SMALLER_BATCH} are. Each rung taken is an event for {@link
   * EngineListener#onOutOfMemory}. By default nothing is tried.
   *
   * @param policy the rungs in their order
   * @return a loader with the option
   */
  public ModelLoader onOutOfMemory(OutOfMemoryPolicy policy) {
    Objects.requireNonNull(policy, "policy");
    return with(draft -> draft.outOfMemory = policy);
  }

  /**
   * Loads the model several times behind one queue, in this JVM.
   *
   * @param count how many times, 1 to {@value Replicas#MOST}
   * @return a loader with the option
   * @see #replicas(Replicas)
   */
  public ModelLoader replicas(int count) {
    return replicas(Replicas.threads(count));
  }

  /**
   * Loads the model several times behind one queue. {@link #batch} is for each replica, and so is
   * {@link #threads}; by default they share the CPU's cores evenly. {@link #memoryLimit} is for
   * those on one device together. A prompt goes to the replica with the fewest slots taken, or to
   * the one that was given its beginning before unless that is much busier. Can't be combined with
   * {@link #onDevices}. The default is one replica.
   *
   * @param replicas how many, and what becomes of requests whose replica ends
   * @return a loader with the option
   */
  public ModelLoader replicas(Replicas replicas) {
    Objects.requireNonNull(replicas, "replicas");
    return with(draft -> draft.replicas = replicas);
  }

  /**
   * Sets how a model hub is reached. The default is what the environment says ({@code HF_HOME},
   * {@code HF_TOKEN}, {@code HF_ENDPOINT}, {@code HF_HUB_OFFLINE}).
   *
   * @param hub cache folder, address and token
   * @return a loader with the option
   */
  public ModelLoader hub(HubOptions hub) {
    Objects.requireNonNull(hub, "hub");
    return with(draft -> draft.hub = hub);
  }

  /**
   * Watches files on their way from a model hub.
   *
   * @param listener called on the loading thread
   * @return a loader with the option
   */
  public ModelLoader onDownload(DownloadListener listener) {
    return new ModelLoader(options, Objects.requireNonNull(listener, "listener"), listeners);
  }

  /**
   * Listens to the engine's steps and generations, beside the listeners that are there. Events of
   * the JDK's flight recorder ({@code dev.loquat.Step}, {@code dev.loquat.Generation}) come without
   * one.
   *
   * @param listener called on the engine's thread; must return at once
   * @return a loader with the listener
   */
  public ModelLoader onEvents(EngineListener listener) {
    Objects.requireNonNull(listener, "listener");
    List<EngineListener> more = Stream.concat(listeners.stream(), Stream.of(listener)).toList();
    return new ModelLoader(options, progress, more);
  }

  /**
   * Computes what the model would take of memory, without loading it: reads the headers of the
   * checkpoint, which is fetched first if it is on a model hub, and asks the backends.
   *
   * @return the plan for these options, also where they don't fit: {@link MemoryPlan#fits} tells
   * @throws dev.loquat.error.CheckpointException if the checkpoint is missing or damaged
   * @throws dev.loquat.error.DownloadException if it can't be fetched
   * @throws dev.loquat.error.UnsupportedModelException if its architecture can't be run
   * @throws dev.loquat.error.DeviceUnavailableException if the device demanded is not there
   * @throws dev.loquat.error.BackendUnavailableException if no backend on the path can run it
   * @throws dev.loquat.error.DeviceMapException if a device map is for another number of layers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     or reads; its interrupt stays set
   */
  public MemoryPlan plan() {
    return assembly(options).plan();
  }

  /**
   * Loads the model.
   *
   * @return the model; the caller closes it
   * @throws dev.loquat.error.CheckpointException if the checkpoint is missing or damaged
   * @throws dev.loquat.error.DownloadException if it can't be fetched
   * @throws dev.loquat.error.UnsupportedModelException if its architecture can't be run, or the
   *     vocabulary of its draft model is another
   * @throws dev.loquat.error.DeviceUnavailableException if the device demanded is not there
   * @throws dev.loquat.error.BackendUnavailableException if no backend on the path can run it
   * @throws dev.loquat.error.DeviceMapException if a device map is for another number of layers
   * @throws dev.loquat.error.OutOfMemoryException if there is not enough memory for it, or less
   *     than {@link #memoryLimit} allows
   * @throws dev.loquat.error.BackendException if the backend fails to load it
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     or reads; its interrupt stays set
   */
  public Model load() {
    return options.outOfMemory().rungs().isEmpty() || options.deviceMap().isPresent()
        ? assembly(options).load()
        : new LoadLadder(options, this::assembly, this::tell).load();
  }

  /**
   * Generates with the model in one call. It is loaded by the first such call and kept for later
   * ones with equal options, until {@link Loquat#closeSharedModels} or until others need its
   * memory.
   *
   * @param prompts the texts to go on from
   * @return a result for each prompt, in the same order
   * @see #load
   * @see Generator#generate(List)
   */
  public List<GenerationResult> generate(List<String> prompts) {
    prompts.forEach(prompt -> Objects.requireNonNull(prompt, "prompt"));
    return SharedModels.INSTANCE.use(
        options, this::load, model -> model.generator().generate(prompts));
  }

  /**
   * Generates with the model in one call.
   *
   * @param prompts the texts to go on from
   * @return a result for each prompt, in the same order
   * @see #generate(List)
   */
  public List<GenerationResult> generate(String... prompts) {
    return generate(Arrays.asList(prompts));
  }

  private ModelLoader draftModel(ModelSource source) {
    return with(draft -> draft.draftSource = Optional.of(source));
  }

  private ModelAssembly assembly(LoadOptions terms) {
    return new ModelAssembly(terms, progress, listeners);
  }

  private void tell(OutOfMemoryReport report) {
    listeners.forEach(listener -> listener.onOutOfMemory(report));
  }

  private ModelLoader onDevice(Optional<Device> device) {
    return with(
        draft -> {
          draft.device = device;
          draft.deviceMap = Optional.empty();
        });
  }

  private ModelLoader with(Consumer<LoadOptions.Draft> change) {
    LoadOptions.Draft draft = new LoadOptions.Draft(options);
    change.accept(draft);
    return new ModelLoader(draft.options(), progress, listeners);
  }
}
