package dev.loquat.backend.onnx.graph;

/**
 * The names and shapes of what a decoder graph reads and gives.
 *
 * <p>In shapes, {@code batch} is the number of sequences, {@code tokens} how many of each are
 * computed, {@code capacity} the positions that the KV cache has room for, {@code positions} the
 * positions that the rotary tables cover.
 */
public final class GraphValues {
  /** Token ids, {@code int32 [batch, tokens]}; read by a first stage. */
  public static final String IDS = "input_ids";

  /** Hidden states, {@code float32 [batch, tokens, hidden]}; read by a later stage. */
  public static final String HIDDEN_IN = "hidden_in";

  /** The last position that each sequence has after the run, {@code int32 [batch]}. */
  public static final String LAST_POSITIONS = "last_positions";

  /** The length of the longest sequence after the run, {@code int32 [1]}. */
  public static final String LONGEST = "longest";

  /** Which hidden states get logits: pairs of sequence and token, {@code int64 [rows, 2]}. */
  public static final String PICKS = "picks";

  /** The logits of the picked positions, {@code [rows, vocabulary]}; given by a last stage. */
  public static final String LOGITS = "logits";

  /** Hidden states, {@code float32 [batch, tokens, hidden]}; given by an earlier stage. */
  public static final String HIDDEN_OUT = "hidden_out";

  private GraphValues() {}

  /**
   * A layer's keys so far, {@code [batch, kvHeads, capacity, headDim]}.
   *
   * @param layer the layer in the model
   * @return the input's name
   */
  public static String pastKeys(int layer) {
    return "past_keys." + layer;
  }

  /**
   * A layer's values so far, {@code [batch, kvHeads, capacity, headDim]}.
   *
   * @param layer the layer in the model
   * @return the input's name
   */
  public static String pastValues(int layer) {
    return "past_values." + layer;
  }

  /**
   * A layer's keys after the run; shares its memory with {@link #pastKeys}.
   *
   * @param layer the layer in the model
   * @return the output's name
   */
  public static String presentKeys(int layer) {
    return "present_keys." + layer;
  }

  /**
   * A layer's values after the run; shares its memory with {@link #pastValues}.
   *
   * @param layer the layer in the model
   * @return the output's name
   */
  public static String presentValues(int layer) {
    return "present_values." + layer;
  }

  /**
   * The cosines of a rotary embedding, {@code [positions, dimension / 2]}.
   *
   * @param rotary its number among {@link DecoderGraph#rotaries}
   * @return the input's name
   */
  public static String cosines(int rotary) {
    return "cosines." + rotary;
  }

  /**
   * The sines of a rotary embedding, {@code [positions, dimension / 2]}.
   *
   * @param rotary its number among {@link DecoderGraph#rotaries}
   * @return the input's name
   */
  public static String sines(int rotary) {
    return "sines." + rotary;
  }
}
