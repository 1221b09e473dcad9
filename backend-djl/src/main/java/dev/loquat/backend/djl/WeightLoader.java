package dev.loquat.backend.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRange;
import dev.loquat.checkpoint.WeightRole;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Hands a checkpoint's weights to the program, tensor by tensor and in pieces: beside the model
 * itself there is never more than one matrix.
 */
final class WeightLoader implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 22;

  private final TorchModule module;
  private final Lowering lowering;
  private final KeptLinears kept;
  private final PtNDArray piece;
  private final WiderThanPlanned wider = new WiderThanPlanned();
  private long allocatedBytes;

  WeightLoader(TorchModule module, Lowering lowering, KeptLinears kept) {
    this.module = module;
    this.lowering = lowering;
    this.kept = kept;
    this.piece = module.arrays().create(new Shape(PIECE_BYTES), DataType.UINT8);
  }

  /**
   * Loads the weights of a range of layers, in the order in which the program counts them: the head
   * first, so that the copies that packing the largest matrix takes have gone when the others come.
   *
   * @return the bytes they take on the device, and which are held wider than planned
   * @throws WeightOutOfRange if one is too large for the lowering's types
   */
  LoadedWeights load(Checkpoint checkpoint, LayerRange range) {
    if (range.isLastStage()) {
      sensitive("head", List.of(checkpoint.weight(WeightRole.HEAD)));
    }
    if (range.isFirstStage()) {
      embedding(checkpoint.weight(WeightRole.EMBEDDING));
    }
    for (int layer = range.first(); layer < range.end(); layer++) {
      layer(checkpoint, layer);
      checkpoint.dropPages();
    }
    if (range.isLastStage()) {
      norm(checkpoint.weight(WeightRole.FINAL_NORM));
    }
    return new LoadedWeights(allocatedBytes, wider.list());
  }

  private void layer(Checkpoint checkpoint, int layer) {
    AttentionConfig attention = checkpoint.config().layers().get(layer).attention();
    MlpConfig mlp = checkpoint.config().layers().get(layer).mlp();
    Weights of = new Weights(checkpoint, layer);
    norm(checkpoint.weight(WeightRole.ATTENTION_NORM, layer));
    norm(checkpoint.weight(WeightRole.MLP_NORM, layer));
    if (attention.inputBias()) {
      bias(of.roles(WeightRole.QUERY_BIAS, WeightRole.KEY_BIAS, WeightRole.VALUE_BIAS));
    }
    sensitive("query, key and value", of.roles(WeightRole.QUERY, WeightRole.KEY, WeightRole.VALUE));
    if (attention.outputBias()) {
      bias(of.roles(WeightRole.ATTENTION_OUTPUT_BIAS));
    }
    linear("attention output", of.roles(WeightRole.ATTENTION_OUTPUT));
    if (mlp.bias()) {
      bias(of.roles(WeightRole.GATE_BIAS, WeightRole.UP_BIAS));
    }
    linear("gate and up", of.roles(WeightRole.GATE, WeightRole.UP));
    if (mlp.bias()) {
      bias(of.roles(WeightRole.DOWN_BIAS));
    }
    linear("down", of.roles(WeightRole.DOWN));
  }

  private void embedding(Tensor tensor) {
    TorchType type = lowering.embeddingType(tensor.info().type());
    stage(List.of(tensor), type);
    module.call("add_embedding").runForNothing();
    allocatedBytes += tensor.info().elements() * type.byteSize();
  }

  private void norm(Tensor tensor) {
    stage(List.of(tensor), lowering.activations());
    module.call("add_norm").runForNothing();
    allocatedBytes += tensor.info().elements() * lowering.activations().byteSize();
  }

  private void bias(List<Tensor> tensors) {
    stage(tensors, lowering.activations());
    module.call("add_bias").runForNothing();
    allocatedBytes += elements(tensors) * lowering.activations().byteSize();
  }

  private void linear(String name, List<Tensor> tensors) {
    long rows = rows(tensors);
    linear(name, tensors, lowering.kernel().bits(rows, elements(tensors) / rows), false);
  }

  /** A matrix that suffers most from being rounded. */
  private void sensitive(String name, List<Tensor> tensors) {
    linear(name, tensors, lowering.kernel().sensitiveBits(), true);
  }

  private void linear(String name, List<Tensor> tensors, int bits, boolean sensitive) {
    long rows = rows(tensors);
    long columns = elements(tensors) / rows;
    int held = bits;
    if (!kept.restore(rows, columns, bits, sensitive)) {
      stage(tensors, lowering.matrices());
      held = (int) module.call("add_linear").with(bits).with(sensitive).runForLong();
      kept.keep();
    }
    if (held > bits) {
      wider.add(name);
    }
    allocatedBytes += lowering.linearBytes(rows, columns, held);
  }

  private static long elements(List<Tensor> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.info().elements()).sum();
  }

  private static long rows(List<Tensor> tensors) {
    return tensors.stream().mapToLong(tensor -> tensor.info().shape().get(0)).sum();
  }

  /** Puts tensors under one another, [rows, columns] or [rows]. */
  private void stage(List<Tensor> tensors, TorchType type) {
    long[] columns =
        tensors.get(0).info().shape().stream().skip(1).mapToLong(Long::longValue).toArray();
    long[] shape =
        LongStream.concat(LongStream.of(rows(tensors)), LongStream.of(columns)).toArray();
    module.call("stage").with(shape).with(type.code()).runForNothing();
    long offset = 0;
    for (Tensor tensor : tensors) {
      fill(tensor, offset);
      offset += tensor.info().elements();
    }
  }

  private void fill(Tensor tensor, long elementOffset) {
    TensorInfo info = tensor.info();
    ByteBuffer buffer = piece.toByteBuffer(true);
    for (long at = 0; at < info.byteLength(); at += PIECE_BYTES) {
      int bytes = (int) Math.min(PIECE_BYTES, info.byteLength() - at);
      tensor.readBytes(at, buffer.clear().limit(bytes));
      fillPiece(info, elementOffset + at / info.type().byteSize(), bytes);
    }
  }

  private void fillPiece(TensorInfo info, long elementOffset, int bytes) {
    double magnitude =
        module
            .call("fill")
            .with(elementOffset)
            .with(piece)
            .with(bytes / info.type().byteSize())
            .with(TorchType.of(info.type()).code())
            .with(lowering.rounding().code())
            .runForDouble();
    if (!Double.isFinite(magnitude)) {
      throw WeightRange.notFinite(info, magnitude);
    }
    if (magnitude > lowering.largestWeight()) {
      throw WeightOutOfRange.of(info.name(), magnitude, lowering.shortestRange());
    }
  }

  @Override
  public void close() {
    piece.close();
  }

  private record Weights(Checkpoint checkpoint, int layer) {
    List<Tensor> roles(WeightRole... roles) {
      return Stream.of(roles).map(role -> checkpoint.weight(role, layer)).toList();
    }
  }
}
