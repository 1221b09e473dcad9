package dev.loquat.testkit.tiny;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.checkpoint.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A small checkpoint of Llama's architecture with random weights, the same on every machine for the
 * same options and seed. {@link #writeTo} makes a Hugging Face folder of it.
 *
 * <pre>{@code
 * Path folder = TinyCheckpoint.llama().layers(1).attentionBias().writeTo(temporaryFolder);
 * }</pre>
 *
 * <p>Token ids 0 to 255 are the bytes of UTF-8 text, 257 ends a text. A builder: mutable, for one
 * thread.
 */
public final class TinyCheckpoint {
  int hiddenSize = 64;
  int layers = 2;
  int heads = 4;
  int kvHeads = 2;
  int headDim = 16;
  int intermediateSize = 96;
  int vocabularySize = 272;
  int contextLength = 96;
  int slidingWindow;
  boolean tiedHead = true;
  boolean attentionBias;
  boolean mlpBias;
  double ropeTheta = 10_000;
  ElementType elementType = ElementType.F32;
  int shards = 1;
  long seed = 1;
  Consumer<ObjectNode> ropeScaling = config -> config.putNull("rope_scaling");

  private TinyCheckpoint() {}

  /**
   * A Llama of 2 layers, hidden size 64, 4 query heads that share 2 kv heads of width 16, an MLP of
   * width 96, 272 token ids, a context of 96 tokens and a tied head, stored as F32.
   *
   * @return the options, to be changed
   */
  public static TinyCheckpoint llama() {
    return new TinyCheckpoint();
  }

  /**
   * Sets the width of the residual stream.
   *
   * @param size 1 or more; default 64
   * @return this
   */
  public TinyCheckpoint hiddenSize(int size) {
    hiddenSize = positive(size, "hiddenSize");
    return this;
  }

  /**
   * Sets the number of layers.
   *
   * @param count 1 or more; default 2
   * @return this
   */
  public TinyCheckpoint layers(int count) {
    layers = positive(count, "layers");
    return this;
  }

  /**
   * Sets the attention's heads.
   *
   * @param queryHeads the query heads; default 4
   * @param keyValueHeads the key and value heads, a divisor of the query heads; default 2
   * @return this
   */
  public TinyCheckpoint heads(int queryHeads, int keyValueHeads) {
    if (positive(queryHeads, "queryHeads") % positive(keyValueHeads, "keyValueHeads") != 0) {
      throw new IllegalArgumentException(
          queryHeads + " query heads can't share " + keyValueHeads + " kv heads");
    }
    heads = queryHeads;
    kvHeads = keyValueHeads;
    return this;
  }

  /**
   * Sets the width of a head.
   *
   * @param width an even number, 2 or more; default 16
   * @return this
   */
  public TinyCheckpoint headDim(int width) {
    if (positive(width, "headDim") % 2 != 0) {
      throw new IllegalArgumentException("headDim is " + width + "; expected an even number");
    }
    headDim = width;
    return this;
  }

  /**
   * Sets the width of the MLP.
   *
   * @param size 1 or more; default 96
   * @return this
   */
  public TinyCheckpoint intermediateSize(int size) {
    intermediateSize = positive(size, "intermediateSize");
    return this;
  }

  /**
   * Sets the number of token ids.
   *
   * @param size 259 or more, since the tokenizer has so many; default 272
   * @return this
   */
  public TinyCheckpoint vocabularySize(int size) {
    if (size < TinyTokenizer.vocabularySize()) {
      throw new IllegalArgumentException(
          "vocabularySize is " + size + "; the tokenizer has " + TinyTokenizer.vocabularySize());
    }
    vocabularySize = size;
    return this;
  }

  /**
   * Sets the most tokens of a sequence.
   *
   * @param tokens 1 or more; default 96
   * @return this
   */
  public TinyCheckpoint contextLength(int tokens) {
    contextLength = positive(tokens, "contextLength");
    return this;
  }

  /**
   * Gives the model a head of its own. By default the head is the embedding.
   *
   * @return this
   */
  public TinyCheckpoint untiedHead() {
    tiedHead = false;
    return this;
  }

  /**
   * Gives the attention's four projections biases. Default: none.
   *
   * @return this
   */
  public TinyCheckpoint attentionBias() {
    attentionBias = true;
    return this;
  }

  /**
   * Gives the MLP's three projections biases. Default: none.
   *
   * @return this
   */
  public TinyCheckpoint mlpBias() {
    mlpBias = true;
    return this;
  }

  /**
   * Sets the base of the rotary embedding's wave lengths.
   *
   * @param theta more than 1; default 10000
   * @return this
   */
  public TinyCheckpoint ropeTheta(double theta) {
    ropeTheta = theta;
    return this;
  }

  /**
   * Divides every position by a factor. Default: no scaling; the last scaling set counts.
   *
   * @param factor more than 0
   * @return this
   */
  public TinyCheckpoint linearRope(double factor) {
    ropeScaling = config -> scaling(config, "linear", factor);
    return this;
  }

  /**
   * Scales the rotary embedding as Llama 3.1 does, between low factor 1 and high factor 4.
   *
   * @param factor what long waves' frequencies are divided by
   * @param originalContext the context length that was trained
   * @return this
   */
  public TinyCheckpoint llama3Rope(double factor, int originalContext) {
    ropeScaling =
        config ->
            scaling(config, "llama3", factor)
                .put("low_freq_factor", 1.0)
                .put("high_freq_factor", 4.0)
                .put("original_max_position_embeddings", originalContext);
    return this;
  }

  /**
   * Scales the rotary embedding as YaRN does, with its usual bounds.
   *
   * @param factor what long waves' frequencies are divided by
   * @param originalContext the context length that was trained
   * @return this
   */
  public TinyCheckpoint yarnRope(double factor, int originalContext) {
    ropeScaling =
        config ->
            scaling(config, "yarn", factor)
                .put("original_max_position_embeddings", originalContext);
    return this;
  }

  /**
   * Lets a token see only so many positions, itself included; the model is a Mistral then, which
   * has no biases.
   *
   * @param positions 1 or more; default: all
   * @return this
   */
  public TinyCheckpoint slidingWindow(int positions) {
    slidingWindow = positive(positions, "slidingWindow");
    return this;
  }

  /**
   * Sets how weights are stored.
   *
   * @param type F32 (the default), F16 or BF16
   * @return this
   */
  public TinyCheckpoint elementType(ElementType type) {
    if (!List.of(ElementType.F32, ElementType.F16, ElementType.BF16).contains(type)) {
      throw new IllegalArgumentException("type is " + type + "; expected F32, F16 or BF16");
    }
    elementType = type;
    return this;
  }

  /**
   * Sets over how many weight files the tensors are spread.
   *
   * @param files 1 (the default) for {@code model.safetensors}, more for shards with an index
   * @return this
   */
  public TinyCheckpoint shards(int files) {
    shards = positive(files, "shards");
    return this;
  }

  /**
   * Sets what the weights are drawn from.
   *
   * @param value any number; default 1
   * @return this
   */
  public TinyCheckpoint seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Writes the checkpoint's files: configuration, weights, tokenizer, chat template and generation
   * defaults (greedy).
   *
   * @param folder an existing folder; files of the same names are replaced
   * @return the folder
   * @throws IllegalStateException if options contradict each other
   * @throws IOException if a file can't be written
   */
  public Path writeTo(Path folder) throws IOException {
    if (slidingWindow > 0 && (attentionBias || mlpBias)) {
      throw new IllegalStateException(
          "A sliding window makes the model a Mistral, which has no biases; drop one of them");
    }
    Files.writeString(folder.resolve("config.json"), config().toPrettyString());
    Files.writeString(folder.resolve("generation_config.json"), generation().toPrettyString());
    new TinyTokenizer().write(folder);
    new WeightFiles(elementType, shards).write(TinyWeights.of(this), folder);
    return folder;
  }

  private ObjectNode config() {
    ObjectNode config = tokens();
    config.put("model_type", slidingWindow > 0 ? "mistral" : "llama");
    config.put("hidden_act", "silu");
    config.put("hidden_size", hiddenSize);
    config.put("intermediate_size", intermediateSize);
    config.put("num_hidden_layers", layers);
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", kvHeads);
    config.put("head_dim", headDim);
    config.put("vocab_size", vocabularySize);
    config.put("max_position_embeddings", contextLength);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", ropeTheta);
    config.put("tie_word_embeddings", tiedHead);
    config.put("attention_bias", attentionBias);
    config.put("mlp_bias", mlpBias);
    if (slidingWindow > 0) {
      config.put("sliding_window", slidingWindow);
    }
    ropeScaling.accept(config);
    return config;
  }

  private static ObjectNode generation() {
    return tokens().put("do_sample", false);
  }

  private static ObjectNode tokens() {
    return new JsonMapper()
        .createObjectNode()
        .put("bos_token_id", TinyTokenizer.START_TOKEN)
        .put("eos_token_id", TinyTokenizer.END_TOKEN)
        .put("pad_token_id", TinyTokenizer.PAD_TOKEN);
  }

  private static ObjectNode scaling(ObjectNode config, String type, double factor) {
    return config.putObject("rope_scaling").put("rope_type", type).put("factor", factor);
  }

  private static int positive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is " + value + "; expected 1 or more");
    }
    return value;
  }
}
