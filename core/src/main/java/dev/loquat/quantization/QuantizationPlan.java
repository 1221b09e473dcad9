package dev.loquat.quantization;

import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.Precision;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which matrices of a decoder are held in which blocks. The embedding, of which a step reads a few
 * rows, norms and biases stay as they are.
 *
 * @param layers the format of the layers' projections
 * @param narrow the format of those with at most {@value #NARROW_INPUTS} inputs: small matrices
 *     save little, and the errors of few inputs level out less
 * @param head the format of the head, whose error goes straight into the logits
 */
public record QuantizationPlan(BlockFormat layers, BlockFormat narrow, BlockFormat head) {
  /** The most inputs of a narrow matrix. */
  public static final int NARROW_INPUTS = 512;

  private static final Set<WeightRole> PROJECTIONS =
      EnumSet.of(
          WeightRole.QUERY,
          WeightRole.KEY,
          WeightRole.VALUE,
          WeightRole.ATTENTION_OUTPUT,
          WeightRole.GATE,
          WeightRole.UP,
          WeightRole.DOWN);

  /** Checks for nulls. */
  public QuantizationPlan {
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(narrow, "narrow");
    Objects.requireNonNull(head, "head");
  }

  /**
   * The plan of a precision.
   *
   * @param precision a quantized one
   * @return the plan
   * @throws IllegalArgumentException if the precision holds no integers
   */
  public static QuantizationPlan of(Precision precision) {
    return switch (precision) {
      case INT8 -> new QuantizationPlan(BlockFormat.INT8, BlockFormat.INT8, BlockFormat.INT8);
      case INT4 -> new QuantizationPlan(BlockFormat.INT4, BlockFormat.INT8, BlockFormat.INT8);
      case INT4_SYMMETRIC ->
          new QuantizationPlan(
              BlockFormat.INT4_SYMMETRIC, BlockFormat.INT4_SYMMETRIC, BlockFormat.INT8);
      case FP32, FP16, BF16, AUTO ->
          throw new IllegalArgumentException(
              precision + " holds no integers; expected INT8 or INT4");
    };
  }

  /**
   * The format of a weight.
   *
   * @param role what the weight does
   * @param inputs its inputs
   * @return its format; empty where it stays as it is
   */
  public Optional<BlockFormat> format(WeightRole role, long inputs) {
    if (role == WeightRole.HEAD) {
      return Optional.of(head);
    }
    return PROJECTIONS.contains(role) ? Optional.of(projection(inputs)) : Optional.empty();
  }

  /**
   * The format of a layer's projection.
   *
   * @param inputs its inputs
   * @return its format
   */
  public BlockFormat projection(long inputs) {
    return inputs <= NARROW_INPUTS ? narrow : layers;
  }
}
