package dev.loquat.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.graph.WeightStacks;
import dev.loquat.quantization.QuantizedMatrix;
import dev.loquat.quantization.QuantizedWeights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tensors over matrices in blocks that lie in memory, by their names in the graph. The runtime
 * copies what they show.
 */
final class ConvertedMatrices implements AutoCloseable {
  private final OrtEnvironment environment;
  private final QuantizedWeights weights;
  private final Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();

  private ConvertedMatrices(OrtEnvironment environment, QuantizedWeights weights) {
    this.environment = environment;
    this.weights = weights;
  }

  /** The tensors of weights; the caller closes them, and the weights not before. */
  static ConvertedMatrices of(OrtEnvironment environment, QuantizedWeights weights)
      throws OrtException {
    ConvertedMatrices matrices = new ConvertedMatrices(environment, weights);
    try {
      for (QuantizedMatrix matrix : weights.matrices()) {
        matrices.add(matrix);
      }
      return matrices;
    } catch (OrtException | RuntimeException | Error e) {
      matrices.close();
      throw e;
    }
  }

  Map<String, OnnxTensorLike> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensorLike::close);
    tensors.clear();
  }

  private void add(QuantizedMatrix matrix) throws OrtException {
    long[] codes = {matrix.rows(), matrix.blocks(), matrix.format().blockBytes()};
    long[] numbers = {matrix.rows(), matrix.blocks()};
    add(WeightStacks.codes(matrix), OnnxJavaType.UINT8, codes, matrix.codesPosition());
    add(WeightStacks.scales(matrix), OnnxJavaType.FLOAT, numbers, matrix.scalesPosition());
    if (matrix.format().offset()) {
      add(WeightStacks.offsets(matrix), OnnxJavaType.FLOAT, numbers, matrix.offsetsPosition());
    }
  }

  private void add(String name, OnnxJavaType type, long[] shape, long position)
      throws OrtException {
    tensors.put(name, OnnxTensor.createTensor(environment, weights.memory(position), shape, type));
  }
}
