package dev.loquat.checkpoint;

/** What a weight does in a decoder, whatever a checkpoint calls it. Shapes are row-major. */
public enum WeightRole {
  /** Token embedding, {@code [vocabulary, hidden]}. */
  EMBEDDING(false),
  /** Scale of the norm before attention, {@code [hidden]}. */
  ATTENTION_NORM(true),
  /** Query projection, {@code [heads * headDim, hidden]}. */
  QUERY(true),
  /** Bias of the query projection, {@code [heads * headDim]}. */
  QUERY_BIAS(true),
  /** Key projection, {@code [kvHeads * headDim, hidden]}. */
  KEY(true),
  /** Bias of the key projection, {@code [kvHeads * headDim]}. */
  KEY_BIAS(true),
  /** Value projection, {@code [kvHeads * headDim, hidden]}. */
  VALUE(true),
  /** Bias of the value projection, {@code [kvHeads * headDim]}. */
  VALUE_BIAS(true),
  /** Projection of the attention's output, {@code [hidden, heads * headDim]}. */
  ATTENTION_OUTPUT(true),
  /** Bias of the attention's output projection, {@code [hidden]}. */
  ATTENTION_OUTPUT_BIAS(true),
  /** Scale of the norm before the MLP, {@code [hidden]}. */
  MLP_NORM(true),
  /** Gate projection of the MLP, {@code [intermediate, hidden]}. */
  GATE(true),
  /** Bias of the gate projection, {@code [intermediate]}. */
  GATE_BIAS(true),
  /** Up projection of the MLP, {@code [intermediate, hidden]}. */
  UP(true),
  /** Bias of the up projection, {@code [intermediate]}. */
  UP_BIAS(true),
  /** Down projection of the MLP, {@code [hidden, intermediate]}. */
  DOWN(true),
  /** Bias of the down projection, {@code [hidden]}. */
  DOWN_BIAS(true),
  /** Scale of the norm after the last layer, {@code [hidden]}. */
  FINAL_NORM(false),
  /** Projection to the vocabulary, {@code [vocabulary, hidden]}; the embedding where tied. */
  HEAD(false);

  private final boolean perLayer;

  WeightRole(boolean perLayer) {
    this.perLayer = perLayer;
  }

  /**
   * Whether every layer has its own.
   *
   * @return false for the embedding, the final norm and the head
   */
  public boolean isPerLayer() {
    return perLayer;
  }
}
