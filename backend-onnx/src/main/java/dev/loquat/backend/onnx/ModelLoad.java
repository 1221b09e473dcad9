package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.onnx.binding.LoadedDecoder;
import dev.loquat.backend.onnx.graph.DecoderGraph;
import dev.loquat.backend.onnx.graph.NumberFormat;
import dev.loquat.backend.onnx.graph.WeightStacks;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.device.NativeHeap;
import dev.loquat.device.PhysicalCores;
import dev.loquat.device.Precision;
import dev.loquat.quantization.QuantizationPlan;
import dev.loquat.quantization.QuantizedWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One way from a checkpoint to a backend. */
final class ModelLoad {
  private final Checkpoint checkpoint;
  private final BackendOptions options;
  private final List<Tensor> weights;
  private final NumberFormat format;
  private final LayerRange range;

  ModelLoad(Checkpoint checkpoint, BackendOptions options) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.weights = ModelWeights.of(checkpoint);
    this.format = Precisions.format(options.device(), options.precision());
    this.range = LayerRange.all(checkpoint.config());
  }

  OnnxBackend run() {
    if (options.precision().isQuantized()) {
      return inBlocks();
    }
    if (options.precision() == Precision.FP16) {
      HalfRange.require(weights);
    }
    Path folder = WeightFolder.above(files());
    DecoderGraph graph = DecoderGraph.of(checkpoint, range, format, folder);
    return load(graph, folder, Optional.empty(), floatBytes());
  }

  private OnnxBackend inBlocks() {
    QuantizationPlan plan = QuantizationPlan.of(options.precision());
    try (QuantizedWeights blocks =
        QuantizedWeights.of(
            WeightStacks.of(checkpoint, plan), options.conversionCache(), threads())) {
      List<Path> files = new ArrayList<>(files());
      blocks.file().ifPresent(files::add);
      Path folder = WeightFolder.above(files);
      DecoderGraph graph = DecoderGraph.of(checkpoint, range, format, folder, blocks);
      return load(
          graph,
          folder,
          Optional.of(blocks),
          new HeldWeights(checkpoint, options.device(), options.precision()).bytes());
    }
  }

  private OnnxBackend load(
      DecoderGraph graph, Path folder, Optional<QuantizedWeights> blocks, long weightBytes) {
    OrtEnvironment environment = Runtimes.environment();
    WeightFiles files = WeightFiles.of(weights);
    SessionLoader loader = new SessionLoader(environment, options, threads());
    try {
      OrtSession session = session(loader, graph, folder, blocks);
      LoadedDecoder decoder =
          new LoadedDecoder(
              environment, session, checkpoint.config(), graph.rotaries(), format.compute());
      NativeHeap.trim();
      return new OnnxBackend(
          decoder,
          files,
          Precisions.effective(checkpoint, options),
          weightBytes,
          blocks.map(QuantizedWeights::report),
          options.ledger());
    } catch (OrtException e) {
      OnnxBackend.release(files);
      throw RuntimeFailures.failure("load the model", weightBytes + " bytes of weights", e);
    } catch (RuntimeException | Error e) {
      OnnxBackend.release(files);
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

  /** Every weight is held converted; the embedding also as rows in its file. */
  private long floatBytes() {
    return weights.stream().mapToLong(this::computedBytes).sum();
  }

  private long computedBytes(Tensor weight) {
    return weight.info().elements() * format.compute().byteSize();
  }

  private int threads() {
    return options.threads() == BackendOptions.AUTO_THREADS
        ? PhysicalCores.count()
        : options.threads();
  }

  private List<Path> files() {
    return weights.stream().map(weight -> weight.info().file()).distinct().toList();
  }
}
