package dev.loquat.backend.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.TokenDraw;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryTable;
import dev.loquat.device.WiderWeights;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * A range of a model's layers as a loaded program: token ids or hidden states in, hidden states or
 * logits out.
 *
 * <p>Confined: used by one thread at a time.
 */
final class DecoderStage implements AutoCloseable {
  private final TorchModule module;
  private final LayerRange range;
  private final LoadedWeights weights;
  private final Optional<ConversionReport> conversion;
  private final long cachedTokenBytes;
  private final int logitsBlockRows;
  private final boolean draws;

  private DecoderStage(
      TorchModule module,
      LayerRange range,
      LoadedWeights weights,
      Optional<ConversionReport> conversion,
      long cachedTokenBytes,
      int logitsBlockRows,
      boolean draws) {
    this.module = module;
    this.range = range;
    this.weights = weights;
    this.conversion = conversion;
    this.cachedTokenBytes = cachedTokenBytes;
    this.logitsBlockRows = logitsBlockRows;
    this.draws = draws;
  }

  /**
   * Lowers a range of layers.
   *
   * @param torchDevice the device as PyTorch names it
   * @param cache where quantized weights are kept
   * @param draws whether tokens are drawn where logits lie
   * @throws WeightOutOfRange if a weight is too large for the lowering's types
   */
  static DecoderStage load(
      Checkpoint checkpoint,
      LayerRange range,
      String torchDevice,
      Lowering lowering,
      ConversionCache cache,
      boolean draws) {
    TorchModule module = TorchModule.load("Decoder", program(lowering.kernel()));
    try (KeptLinears kept = kept(module, checkpoint, range, lowering.kernel(), cache);
        WeightLoader loader = new WeightLoader(module, lowering, kept)) {
      configure(module, checkpoint.config(), range, torchDevice, lowering);
      return new DecoderStage(
          module,
          range,
          loader.load(checkpoint, range),
          kept.finish(),
          cachedTokenBytes(checkpoint.config(), range, lowering.activations()),
          TorchLogits.blockRows(checkpoint.config().vocabularySize()),
          draws);
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  private static String program(LinearKernel kernel) {
    String decoder =
        kernel.program() + "\n" + ProgramText.read("decoder") + ProgramText.read("decoder-draw");
    return kernel.isQuantized() ? decoder + ProgramText.read("decoder-kept") : decoder;
  }

  private static KeptLinears kept(
      TorchModule module,
      Checkpoint checkpoint,
      LayerRange range,
      LinearKernel kernel,
      ConversionCache cache) {
    return kernel.isQuantized()
        ? KeptLinears.open(module, checkpoint, range, kernel, cache)
        : KeptLinears.none(module);
  }

  private static void configure(
      TorchModule module,
      ModelConfig config,
      LayerRange range,
      String torchDevice,
      Lowering lowering) {
    module
        .call("configure")
        .with(torchDevice)
        .with(lowering.activations().code())
        .with(lowering.pure())
        .with(config.normEpsilon())
        .with(range.isFirstStage())
        .with(range.isLastStage())
        .runForNothing();
    List<RotaryConfig> rotaries = new ArrayList<>();
    for (int layer = range.first(); layer < range.end(); layer++) {
      AttentionConfig attention = config.layers().get(layer).attention();
      if (!rotaries.contains(attention.rotary())) {
        rotaries.add(attention.rotary());
        addRotary(module, new RotaryTable(attention.rotary()));
      }
      addLayer(module, attention, rotaries.indexOf(attention.rotary()));
    }
  }

  private static void addRotary(TorchModule module, RotaryTable table) {
    module.call("add_rotary").with(table.frequencies()).with(table.magnitude()).runForNothing();
  }

  private static void addLayer(TorchModule module, AttentionConfig attention, int rotary) {
    module
        .call("add_layer")
        .with(attention.heads())
        .with(attention.kvHeads())
        .with(attention.headDim())
        .with(attention.slidingWindow())
        .with(rotary)
        .with(attention.scale())
        .runForNothing();
  }

  /** The bytes of one token's keys and values. */
  static long cachedTokenBytes(ModelConfig config, LayerRange range, TorchType type) {
    return config.layers().subList(range.first(), range.end()).stream()
        .map(LayerConfig::attention)
        .mapToLong(attention -> attention.cachedNumbers() * type.byteSize())
        .sum();
  }

  /** Opens a cache; the caller closes it. */
  StageCache openCache(CacheLayout layout, MemoryLedger ledger) {
    return new StageCache(module, layout, cachedTokenBytes, ledger);
  }

  /**
   * Runs the layers over a batch.
   *
   * @param hidden nothing in the first stage, later the one tensor of the stage before, in single
   *     precision
   * @return one tensor of hidden states in single precision, in the last stage the blocks of
   *     logits; the caller closes it
   */
  IValue forward(RaggedBatch batch, StageCache cache, PtNDArray... hidden) {
    return module
        .call("forward")
        .with(batch.tokens())
        .with(hidden)
        .with(batch.positions())
        .with(batch.slots())
        .with(batch.starts())
        .with(batch.lengths())
        .with(batch.groups())
        .with(batch.wanted())
        .lent(cache.tensors())
        .with(logitsBlockRows)
        .run();
  }

  /** Whether tokens are drawn where logits lie. */
  boolean draws() {
    return draws;
  }

  /** Draws a token for each, from blocks of logits. */
  int[] draw(PtNDArray[] blocks, List<TokenDraw> draws) {
    long[] rows = draws.stream().mapToLong(TokenDraw::row).toArray();
    double[] settings = draws.stream().flatMapToDouble(DecoderStage::settings).toArray();
    try (IValue result = module.call("draw").with(blocks).with(rows).with(settings).run();
        PtNDArray tokens = result.toTensor(module.arrays())) {
      return Arrays.stream(tokens.toLongArray()).mapToInt(Math::toIntExact).toArray();
    }
  }

  private static DoubleStream settings(TokenDraw draw) {
    return DoubleStream.of(
        draw.temperature(), draw.topK(), draw.topP(), draw.minP(), draw.uniform());
  }

  /** A block of logits where the host can read it; the caller closes it. */
  PtNDArray onHost(PtNDArray logits) {
    try (IValue result = module.call("on_host").with(logits).run()) {
      return result.toTensor(module.arrays());
    }
  }

  /** The layers. */
  LayerRange range() {
    return range;
  }

  TorchModule module() {
    return module;
  }

  /** The bytes of the weights on the device. */
  long weightBytes() {
    return weights.bytes();
  }

  /**
   * The matrices that are held wider than the lowering's type, as it does not hold them exactly.
   */
  List<WiderWeights> wider() {
    return weights.wider();
  }

  /** How quantized weights came about; empty where there are none. */
  Optional<ConversionReport> conversion() {
    return conversion;
  }

  /** Gives the weights back. */
  @Override
  public void close() {
    module.close();
  }
}
