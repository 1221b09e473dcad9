package dev.loquat.backend.onnx.graph;

import static dev.loquat.checkpoint.WeightRole.ATTENTION_OUTPUT;
import static dev.loquat.checkpoint.WeightRole.DOWN;
import static dev.loquat.checkpoint.WeightRole.GATE;
import static dev.loquat.checkpoint.WeightRole.KEY;
import static dev.loquat.checkpoint.WeightRole.QUERY;
import static dev.loquat.checkpoint.WeightRole.UP;
import static dev.loquat.checkpoint.WeightRole.VALUE;

import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.quantization.QuantizationPlan;
import dev.loquat.quantization.QuantizedMatrix;
import dev.loquat.quantization.WeightStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which matrices a graph multiplies as one, and what it calls their parts. */
public final class WeightStacks {
  static final String HEAD = "head";

  /** Named as the file of what the runtime is handed in memory. */
  static final String IN_MEMORY = "in_memory";

  private static final List<WeightRole[]> IN_LAYER =
      List.of(
          new WeightRole[] {QUERY, KEY, VALUE},
          new WeightRole[] {ATTENTION_OUTPUT},
          new WeightRole[] {GATE, UP},
          new WeightRole[] {DOWN});

  private WeightStacks() {}

  /**
   * The stacks of a range of layers.
   *
   * @param checkpoint the model
   * @param range the layers
   * @param plan what its matrices shall be held in
   * @return the stacks of every layer and, with the last, of the head
   */
  public static List<WeightStack> of(
      Checkpoint checkpoint, LayerRange range, QuantizationPlan plan) {
    List<WeightStack> stacks = new ArrayList<>();
    for (int layer = range.first(); layer < range.end(); layer++) {
      for (WeightRole[] roles : IN_LAYER) {
        stacks.add(stack(checkpoint, layer, roles, plan));
      }
    }
    if (range.isLastStage()) {
      stacks.add(new WeightStack(HEAD, List.of(checkpoint.weight(WeightRole.HEAD)), plan.head()));
    }
    return stacks;
  }

  /**
   * The initializer with a matrix's codes, {@code uint8 [rows, blocks, blockBytes]}.
   *
   * @param matrix the matrix
   * @return its name in the graph
   */
  public static String codes(QuantizedMatrix matrix) {
    return matrix.name() + ".codes";
  }

  /**
   * The initializer with a matrix's scales, {@code [rows, blocks]}.
   *
   * @param matrix the matrix
   * @return its name in the graph
   */
  public static String scales(QuantizedMatrix matrix) {
    return matrix.name() + ".scales";
  }

  /**
   * The initializer with a matrix's offsets, {@code [rows, blocks]}.
   *
   * @param matrix the matrix
   * @return its name in the graph
   */
  public static String offsets(QuantizedMatrix matrix) {
    return matrix.name() + ".offsets";
  }

  static String name(int layer, WeightRole... roles) {
    return "layers." + layer + "." + roles[0].name().toLowerCase(Locale.ROOT);
  }

  private static WeightStack stack(
      Checkpoint checkpoint, int layer, WeightRole[] roles, QuantizationPlan plan) {
    List<Tensor> tensors = Stream.of(roles).map(role -> checkpoint.weight(role, layer)).toList();
    long inputs = tensors.get(0).info().shape().get(1);
    return new WeightStack(name(layer, roles), tensors, plan.projection(inputs));
  }
}
