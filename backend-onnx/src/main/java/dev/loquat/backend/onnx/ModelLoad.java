package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.RangeRefusal;
import dev.loquat.backend.onnx.binding.LoadedDecoder;
import dev.loquat.backend.onnx.graph.DecoderGraph;
import dev.loquat.backend.onnx.graph.NumberFormat;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.backend.onnx.graph.WeightStacks;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRange;
import dev.loquat.checkpoint.WeightRange.LargeWeight;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.ByteFormat;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.HugePages;
import dev.loquat.device.NativeHeap;
import dev.loquat.device.PhysicalCores;
import dev.loquat.error.BackendException;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport;
import dev.loquat.quantization.QuantizationPlan;
import dev.loquat.quantization.QuantizedWeights;
import dev.loquat.quantization.WeightStack;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One way from a range of a checkpoint's layers to a backend. */
final class ModelLoad {
  private final Checkpoint checkpoint;
  private final BackendOptions options;
  private final RunMode mode;
  private final List<Tensor> weights;
  private final NumberFormat format;
  private final EffectivePrecision precision;
  private final LayerRange range;

  ModelLoad(Checkpoint checkpoint, LayerRange range, BackendOptions options, RunMode mode) {
    this(
        checkpoint,
        range,
        options,
        mode,
        Precisions.format(options),
        Precisions.effective(checkpoint, options));
  }

  private ModelLoad(
      Checkpoint checkpoint,
      LayerRange range,
      BackendOptions options,
      RunMode mode,
      NumberFormat format,
      EffectivePrecision precision) {
    this.checkpoint = checkpoint;
    this.range = range;
    this.options = options;
    this.mode = mode;
    this.weights = ModelWeights.of(checkpoint, range);
    this.format = format;
    this.precision = precision;
  }

  OnnxBackend run() {
    HugePages pages = HugePages.now();
    OnnxBackend backend = loaded();
    try {
      NativeHeap.trim();
      options.afterLoad().execute(pages::gather);
      return backend;
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  private OnnxBackend loaded() {
    if (options.precision().isQuantized()) {
      return inBlocks();
    }
    try (RoundedWeights rounded = rounded()) {
      Optional<LargeWeight> beyond =
          WeightRange.firstBeyond(rounded.missing(weights), options.precision().largestRounded());
      return beyond.isPresent() ? widened(beyond.get()).afterWidening() : inFloats(rounded);
    }
  }

  private RoundedWeights rounded() {
    return isOnDisk()
        ? RoundedWeights.widened(checkpoint, range, format, cache())
        : RoundedWeights.find(checkpoint, range, format, cache());
  }

  /** What is not rounded may have to be widened all the same. */
  private OnnxBackend afterWidening() {
    try (RoundedWeights unrounded = rounded()) {
      return inFloats(unrounded);
    }
  }

  private boolean isOnDisk() {
    return options.device().kind() == DeviceKind.DISK;
  }

  private OnnxBackend inFiles(RoundedWeights widened) {
    Optional<ConversionReport> report = widened.complete();
    if (!widened.withoutFile().isEmpty()) {
      throw notKept(widened, report.map(ConversionReport::note).orElse(""));
    }
    checkpoint.dropPages();
    Path folder = WeightFolder.above(files(widened.file()));
    Map<TensorInfo, TensorInfo> places = widened.places();
    DecoderGraph graph = DecoderGraph.inFiles(checkpoint, range, format, folder, places);
    return load(graph, folder, Optional.empty(), report, 0, places.values());
  }

  private BackendException notKept(RoundedWeights widened, String note) {
    List<Tensor> some = widened.withoutFile();
    return new BackendException(
        "Layers "
            + range.first()
            + " to "
            + (range.end() - 1)
            + " can't stay on disk: "
            + some.size()
            + " of their weights, such as '"
            + some.get(0).info().name()
            + "' in "
            + some.get(0).info().type()
            + ", are computed with in FP32 and would have to be kept so, in "
            + ByteFormat.text(widened.byteLength())
            + ", but "
            + (note.isEmpty() ? "there is no cache of converted weights on their drive" : note)
            + ". Name a folder with room for them by conversionCache, or use a checkpoint in FP32.");
  }

  private OnnxBackend inFloats(RoundedWeights rounded) {
    if (isOnDisk()) {
      return inFiles(rounded);
    }
    Optional<ConversionReport> report = rounded.complete();
    checkpoint.dropPages();
    Path folder = WeightFolder.above(files(rounded.file()));
    DecoderGraph graph = DecoderGraph.of(checkpoint, range, format, folder, rounded.places());
    return load(graph, folder, Optional.empty(), report, floatBytes(), List.of());
  }

  /** None on another drive than the weights: the runtime reads files of one only. */
  private ConversionCache cache() {
    ConversionCache cache = options.conversionCache();
    return cache instanceof ConversionCache.Folder kept
            && !WeightFolder.onOneDrive(files(Optional.empty()), kept.folder())
        ? ConversionCache.off()
        : cache;
  }

  /** The same model, its weights not rounded. */
  private ModelLoad widened(LargeWeight beyond) {
    if (options.half().beyondRange() == BeyondRange.REFUSE) {
      throw RangeRefusal.of(options, beyond.tensor(), beyond.magnitude());
    }
    return new ModelLoad(
        checkpoint,
        range,
        options,
        mode,
        new NumberFormat(OnnxType.FLOAT, OnnxType.FLOAT, format.cache()),
        Precisions.widened(options.precision(), beyond));
  }

  private OnnxBackend inBlocks() {
    List<WeightStack> stacks =
        WeightStacks.of(checkpoint, range, QuantizationPlan.of(options.precision()));
    var unused = WeightRange.firstBeyond(outside(stacks), Float.MAX_VALUE);
    try (QuantizedWeights blocks = QuantizedWeights.of(stacks, cache(), threads())) {
      checkpoint.dropPages();
      Path folder = WeightFolder.above(files(blocks.file()));
      DecoderGraph graph = DecoderGraph.of(checkpoint, range, format, folder, blocks);
      return load(
          graph,
          folder,
          Optional.of(blocks),
          Optional.of(blocks.report()),
          new HeldWeights(checkpoint, range, options.device(), options.precision()).bytes(),
          List.of());
    }
  }

  /** The weights that are not converted, which would refuse what is no number. */
  private List<Tensor> outside(List<WeightStack> stacks) {
    Set<TensorInfo> converted =
        stacks.stream()
            .flatMap(stack -> stack.tensors().stream())
            .map(Tensor::info)
            .collect(Collectors.toSet());
    return weights.stream().filter(weight -> !converted.contains(weight.info())).toList();
  }

  private OnnxBackend load(
      DecoderGraph graph,
      Path folder,
      Optional<QuantizedWeights> blocks,
      Optional<ConversionReport> conversion,
      long weightBytes,
      Collection<TensorInfo> converted) {
    OrtEnvironment environment = Runtimes.environment();
    WeightFiles files = WeightFiles.of(weights, converted);
    SessionLoader loader = new SessionLoader(environment, options, threads());
    try {
      OrtSession session = session(loader, graph, folder, blocks);
      return OnnxBackend.of(
          decoder(session, new RunPaths(environment, loader, mode), graph),
          files,
          precision,
          Precisions.cache(options),
          weightBytes,
          conversion,
          options.ledger());
    } catch (OrtException e) {
      OnnxBackend.release(files);
      throw RuntimeFailures.failure(
          "load the model", ByteFormat.text(weightBytes) + " of weights", e);
    } catch (RuntimeException | Error e) {
      OnnxBackend.release(files);
      throw e;
    }
  }

  private LoadedDecoder decoder(OrtSession session, RunPaths paths, DecoderGraph graph)
      throws OrtException {
    try {
      return new LoadedDecoder(
          session,
          paths.open(session, range, checkpoint.config().vocabularySize()),
          checkpoint.config(),
          range,
          graph.rotaries(),
          format.attention(),
          format.cache());
    } catch (OrtException | RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  private static OrtSession session(
      SessionLoader loader, DecoderGraph graph, Path folder, Optional<QuantizedWeights> blocks)
      throws OrtException {
    if (blocks.isEmpty() || blocks.get().file().isPresent()) {
      return loader.load(graph.model(), folder);
    }
    try (ConvertedMatrices matrices = ConvertedMatrices.of(Runtimes.environment(), blocks.get())) {
      return loader.load(graph.model(), folder, matrices.tensors());
    }
  }

  /** Weights are held converted; a processor looks the embedding's rows up in their file. */
  private long floatBytes() {
    boolean onHost = options.device().physical().kind() == DeviceKind.CPU;
    List<Tensor> held = onHost ? ModelWeights.held(checkpoint, range) : weights;
    return held.stream().mapToLong(this::computedBytes).sum();
  }

  private long computedBytes(Tensor weight) {
    return weight.info().elements() * format.compute().byteSize();
  }

  private int threads() {
    return options.threads() == BackendOptions.AUTO_THREADS
        ? PhysicalCores.count()
        : options.threads();
  }

  /** The checkpoint's files, and the one with converted weights. */
  private List<Path> files(Optional<Path> converted) {
    Stream<Path> stored = weights.stream().map(weight -> weight.info().file());
    return Stream.concat(stored, converted.stream()).distinct().toList();
  }
}
