package dev.loquat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.error.CheckpointException;
import org.junit.jupiter.api.Test;

/** What transformers 5 makes of these files was read from its models. */
final class RotaryFieldsTest {
  private static final String LLAMA3 =
      "{'rope_type': 'llama3', 'factor': 32, 'low_freq_factor': 1, 'high_freq_factor': 4";
  private static final int CONTEXT = 4096;

  @Test
  void takesTheTrainedContextFromBesideTheScalingFirst() {
    assertThat(scaling("'rope_scaling': " + LLAMA3 + "}")).isEqualTo(llama3(CONTEXT));
    assertThat(scaling("'rope_scaling': " + LLAMA3 + ", 'original_max_position_embeddings': 512}"))
        .isEqualTo(llama3(512));
    assertThat(
            scaling(
                "'original_max_position_embeddings': 64, 'rope_scaling': "
                    + LLAMA3
                    + ", 'original_max_position_embeddings': 512}"))
        .isEqualTo(llama3(64));
  }

  @Test
  void takesYarnsFactorFromTheContextsIfThereIsNone() {
    String fields =
        "'original_max_position_embeddings': 64, 'rope_scaling': {'rope_type': 'yarn', 'factor':"
            + " null}";
    assertThat(scaling(fields))
        .isEqualTo(new RotaryScaling.Yarn(64, 32, 1, 64, 1.4158883083359672));
  }

  @Test
  void prefersTheOlderSpellingUnlessItIsEmpty() {
    String newer = ", 'rope_parameters': {'rope_theta': 5.0}";
    assertThat(read("'rope_scaling': {'rope_theta': 4.0}" + newer).theta()).isEqualTo(4);
    assertThat(read("'rope_scaling': {}" + newer).theta()).isEqualTo(5);
    assertThat(read("'rope_scaling': null" + newer).theta()).isEqualTo(5);
  }

  @Test
  void takesTheOnlyEntryWhateverLayerTypeItNames() {
    assertThat(read("'rope_parameters': {'sliding_attention': {'rope_theta': 9.0}}").theta())
        .isEqualTo(9);
  }

  @Test
  void refusesEntriesForOtherLayerTypesOnly() {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read("'rope_parameters': {'a': {'rope_theta': 9.0}, 'b': {}}"))
        .withMessage(
            "config.json, rope_parameters: full_attention is absent; expected an entry for this"
                + " layer type beside [a, b].");
  }

  private static RotaryScaling.Llama3 llama3(int originalContext) {
    return new RotaryScaling.Llama3(32, 1, 4, originalContext);
  }

  private static RotaryScaling scaling(String fields) {
    return read(fields).scaling();
  }

  private static RotaryConfig read(String fields) {
    try {
      String json = "{" + fields.replace('\'', '"') + "}";
      JsonFields config = new JsonFields("config.json", new JsonMapper().readTree(json));
      return RotaryFields.read(config, "full_attention", 16, CONTEXT);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
