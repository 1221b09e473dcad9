package dev.loquat.checkpoint.family;

/**
 * What a family takes for fields that {@code config.json} lacks, where families of Llama's layout
 * differ.
 *
 * @param intermediateSize the width of the MLP
 * @param kvHeads the key and value heads, or {@link #AS_QUERY_HEADS}
 * @param contextLength the most tokens of a sequence
 */
record LlamaDefaults(int intermediateSize, int kvHeads, int contextLength) {
  /** As many key and value heads as query heads. */
  static final int AS_QUERY_HEADS = 0;

  /** Those of transformers' {@code LlamaConfig}. */
  static final LlamaDefaults LLAMA = new LlamaDefaults(11_008, AS_QUERY_HEADS, 2048);

  /** Those of transformers' {@code MistralConfig}. */
  static final LlamaDefaults MISTRAL = new LlamaDefaults(14_336, 8, 32 * 4096);
}
