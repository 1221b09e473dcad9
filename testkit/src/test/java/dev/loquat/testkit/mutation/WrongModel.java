package dev.loquat.testkit.mutation;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.GenerationDefaults;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A checkpoint as a lowering sees it that overlooks a part of the model.
 *
 * @param right the checkpoint as it is
 * @param config the model as it is overlooked
 */
record WrongModel(Checkpoint right, ModelConfig config) implements Checkpoint {

  /** Overlooks the sliding window. */
  static Checkpoint withoutSlidingWindow(Checkpoint right) {
    return layers(
        right, layer -> attention(layer, layer.attention().inputBias(), 0, rotary(layer)));
  }

  /** Overlooks the biases of queries, keys and values. */
  static Checkpoint withoutInputBias(Checkpoint right) {
    return layers(
        right, layer -> attention(layer, false, layer.attention().slidingWindow(), rotary(layer)));
  }

  /** Overlooks how the rotary embedding is scaled. */
  static Checkpoint withoutRotaryScaling(Checkpoint right) {
    return layers(
        right,
        layer -> {
          RotaryConfig plain =
              new RotaryConfig(
                  rotary(layer).dimension(), rotary(layer).theta(), new RotaryScaling.None());
          AttentionConfig attention = layer.attention();
          return attention(layer, attention.inputBias(), attention.slidingWindow(), plain);
        });
  }

  /** Overlooks the biases of the MLP. */
  static Checkpoint withoutMlpBias(Checkpoint right) {
    return layers(
        right,
        layer ->
            new LayerConfig(
                layer.attention(), new MlpConfig(layer.mlp().intermediateSize(), false)));
  }

  @Override
  public GenerationDefaults generationDefaults() {
    return right.generationDefaults();
  }

  @Override
  public Path folder() {
    return right.folder();
  }

  @Override
  public Tensor weight(WeightRole role) {
    return right.weight(role);
  }

  @Override
  public Tensor weight(WeightRole role, int layer) {
    return right.weight(role, layer);
  }

  @Override
  public long weightBytes() {
    return right.weightBytes();
  }

  @Override
  public void close() {
    right.close();
  }

  private static Checkpoint layers(Checkpoint right, UnaryOperator<LayerConfig> change) {
    ModelConfig model = right.config();
    return new WrongModel(
        right,
        new ModelConfig(
            model.modelType(),
            model.hiddenSize(),
            model.vocabularySize(),
            model.contextLength(),
            model.normEpsilon(),
            model.tiedHead(),
            model.layers().stream().map(change).toList()));
  }

  private static LayerConfig attention(
      LayerConfig layer, boolean inputBias, int slidingWindow, RotaryConfig rotary) {
    AttentionConfig attention = layer.attention();
    return new LayerConfig(
        new AttentionConfig(
            attention.heads(),
            attention.kvHeads(),
            attention.headDim(),
            attention.scale(),
            inputBias,
            attention.outputBias(),
            slidingWindow,
            rotary),
        layer.mlp());
  }

  private static RotaryConfig rotary(LayerConfig layer) {
    return layer.attention().rotary();
  }
}
