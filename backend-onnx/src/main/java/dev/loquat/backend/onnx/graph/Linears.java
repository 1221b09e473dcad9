package dev.loquat.backend.onnx.graph;

import dev.loquat.checkpoint.WeightRole;

/** Products with the matrices of a model, however they are held. */
interface Linears {

  /**
   * {@code x W^T}, with the matrices of several roles stacked by rows.
   *
   * @param input {@code [.., inputs]}
   * @param layer the layer in the model
   * @param output what the product is called
   * @param roles the matrices, at least one
   * @return the product's name
   */
  String layer(String input, int layer, String output, WeightRole... roles);

  /**
   * The same for the gate and the up projection, which have the same input and the same shape.
   *
   * @param prefix what the products' names begin with
   * @return the gate's product and the up projection's
   */
  GateAndUp gateAndUp(String input, int layer, String prefix);

  /** The products of gate and up projection, {@code [.., intermediate]}. */
  record GateAndUp(String gate, String up) {}

  /** The logits of hidden states, {@code [rows, vocabulary]}. */
  String head(String input, String output);
}
