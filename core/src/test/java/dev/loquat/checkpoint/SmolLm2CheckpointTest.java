package dev.loquat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Opens the real SmolLM2-135M-Instruct, whose folder {@code -Dloquat.smollm2} names. */
@ExtendWith(SmolLm2.class)
final class SmolLm2CheckpointTest {
  @Test
  void describesSmolLm2() {
    try (Checkpoint checkpoint = Checkpoint.open(SmolLm2.folder())) {
      ModelConfig config = checkpoint.config();
      assertThat(config.layers()).hasSize(30);
      assertThat(config.hiddenSize()).isEqualTo(576);
      assertThat(config.vocabularySize()).isEqualTo(49_152);
      assertThat(config.contextLength()).isEqualTo(8192);
      assertThat(config.tiedHead()).isTrue();
      RotaryConfig rotary = new RotaryConfig(64, 100_000, new RotaryScaling.None());
      assertThat(config.layers().get(29).attention())
          .isEqualTo(new AttentionConfig(9, 3, 64, 0.125, false, false, 0, rotary));
      assertThat(checkpoint.generationDefaults().endTokens()).containsExactly(2);
    }
  }

  /** The numbers were read from the file with Python's struct module. */
  @Test
  void readsTheWeights() {
    try (Checkpoint checkpoint = Checkpoint.open(SmolLm2.folder())) {
      assertThat(checkpoint.weightBytes()).isEqualTo(269_030_016);
      Tensor embedding = checkpoint.weight(WeightRole.EMBEDDING);
      assertThat(embedding.info().type()).isEqualTo(ElementType.BF16);
      float[] token1000 = new float[3];
      embedding.read(1000L * 576, FloatBuffer.wrap(token1000));
      assertThat(token1000).containsExactly(-229 / 2048f, -151 / 2048f, 39 / 1024f);
    }
  }
}
