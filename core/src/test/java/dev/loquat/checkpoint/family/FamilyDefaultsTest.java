package dev.loquat.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.JsonFields;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;
import dev.loquat.error.UnsupportedModelException;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** The numbers are those of transformers' {@code LlamaConfig()} and {@code MistralConfig()}. */
final class FamilyDefaultsTest {
  private static final RotaryConfig ROTARY = new RotaryConfig(128, 1e4, new RotaryScaling.None());
  private static final double SCALE = 1 / Math.sqrt(128);

  @Test
  void takesLlamasDefaultsForAbsentFields() {
    assertThat(read("'model_type': 'llama'"))
        .isEqualTo(
            model(
                "llama",
                2048,
                new AttentionConfig(32, 32, 128, SCALE, false, false, AttentionConfig.FULL, ROTARY),
                new MlpConfig(11_008, false)));
  }

  @Test
  void takesMistralsDefaultsForAbsentFields() {
    assertThat(read("'model_type': 'mistral'"))
        .isEqualTo(
            model(
                "mistral",
                131_072,
                new AttentionConfig(32, 8, 128, SCALE, false, false, 4096, ROTARY),
                new MlpConfig(14_336, false)));
  }

  @Test
  void takesAsManyKvHeadsAsQueryHeadsForAnExplicitNull() {
    assertThat(attention("'model_type': 'mistral', 'num_key_value_heads': null").kvHeads())
        .isEqualTo(32);
  }

  @Test
  void givesMistralNoBiasWhateverTheFileSays() {
    LayerConfig layer = layer("'model_type': 'mistral', 'mlp_bias': true, 'attention_bias': true");
    assertThat(layer.mlp().bias()).isFalse();
    assertThat(layer.attention().inputBias()).isFalse();
  }

  @Test
  void readsSwishAsSilu() {
    assertThat(read("'model_type': 'llama', 'hidden_act': 'swish'"))
        .isEqualTo(read("'model_type': 'llama', 'hidden_act': 'silu'"));
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(() -> read("'model_type': 'llama', 'hidden_act': 'gelu'"))
        .withMessage(
            "config.json: hidden_act 'gelu' is not supported; supported is silu, also called"
                + " swish.");
  }

  @Test
  void refusesToRotateAPartOfAHead() {
    for (String part :
        new String[] {
          "'partial_rotary_factor': 0.5",
          "'rope_parameters': {'partial_rotary_factor': 0.5}",
          "'partial_rotary_factor': 1, 'rope_scaling': {'partial_rotary_factor': 0.5}"
        }) {
      assertThatExceptionOfType(UnsupportedModelException.class)
          .isThrownBy(() -> read("'model_type': 'llama', " + part))
          .withMessage(
              "config.json: partial_rotary_factor is 0.5; supported is 1, since models of this"
                  + " family rotate whole heads.");
    }
    assertThatThrownBy(() -> read("'model_type': 'llama', 'partial_rotary_factor': 1.5"))
        .hasMessage(
            "config.json: partial_rotary_factor is 1.5; expected a number above 0, at most 1.");
    assertThat(read("'model_type': 'llama', 'partial_rotary_factor': 1.0"))
        .isEqualTo(read("'model_type': 'llama'"));
  }

  @Test
  void readsTheRotaryEntryOfTheAttentionThatMistralHas() {
    String both =
        "'rope_parameters': {'sliding_attention': {'rope_theta': 9.0}, 'full_attention':"
            + " {'rope_theta': 7.0}}";
    assertThat(theta("'model_type': 'mistral', " + both)).isEqualTo(9);
    assertThat(theta("'model_type': 'mistral', 'sliding_window': null, " + both)).isEqualTo(7);
    assertThat(theta("'model_type': 'llama', " + both)).isEqualTo(7);
  }

  @Test
  void readsOneTypeOfAttentionForAllOfMistralsLayers() {
    String types = "'model_type': 'mistral', 'layer_types': ['%s', '%s']";
    String full = "full_attention";
    String sliding = "sliding_attention";
    assertThat(attention(types.formatted(full, full)).slidingWindow())
        .isEqualTo(AttentionConfig.FULL);
    assertThat(attention(types.formatted(sliding, sliding)).slidingWindow()).isEqualTo(4096);
    assertThatExceptionOfType(UnsupportedModelException.class)
        .isThrownBy(() -> read(types.formatted(full, sliding)))
        .withMessageContaining("layer_types has full_attention in 1 of 2 layers");
  }

  private static ModelConfig model(
      String type, int contextLength, AttentionConfig attention, MlpConfig mlp) {
    LayerConfig layer = new LayerConfig(attention, mlp);
    return new ModelConfig(
        type, 4096, 32_000, contextLength, 1e-6, false, Collections.nCopies(32, layer));
  }

  private static double theta(String fields) {
    return attention(fields).rotary().theta();
  }

  private static AttentionConfig attention(String fields) {
    return layer(fields).attention();
  }

  private static LayerConfig layer(String fields) {
    return read(fields).layers().get(0);
  }

  private static ModelConfig read(String fields) {
    try {
      String json = "{" + fields.replace('\'', '"') + "}";
      JsonFields config = new JsonFields("config.json", new JsonMapper().readTree(json));
      return Families.of(config).read(config);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
