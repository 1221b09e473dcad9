package dev.loquat.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.loquat.error.CheckpointException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.UnsupportedModelException;
import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Truncation;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckpointTest {
  private static final String GATE = "model.layers.0.mlp.gate_proj.weight";
  private static final String KEY = "model.layers.0.self_attn.k_proj.weight";

  @TempDir Path folder;

  @Test
  void describesTheModelAndBindsItsWeights() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(LlamaFolder.in(folder).write())) {
      ModelConfig config = checkpoint.config();
      assertThat(config.hiddenSize()).isEqualTo(8);
      assertThat(config.vocabularySize()).isEqualTo(10);
      assertThat(config.contextLength()).isEqualTo(32);
      assertThat(config.normEpsilon()).isEqualTo(1e-5);
      AttentionConfig attention = config.layers().get(0).attention();
      assertThat(attention.heads()).isEqualTo(2);
      assertThat(attention.kvHeads()).isEqualTo(1);
      assertThat(attention.headDim()).isEqualTo(4);
      assertThat(attention.scale()).isEqualTo(0.5);
      assertThat(checkpoint.generationDefaults().endTokens()).containsExactlyInAnyOrder(2, 3);
      assertThat(checkpoint.weight(WeightRole.KEY, 0).info().name()).isEqualTo(KEY);
      assertThat(checkpoint.weight(WeightRole.HEAD))
          .isSameAs(checkpoint.weight(WeightRole.EMBEDDING));
      assertThat(checkpoint.weightBytes()).isEqualTo(4 * 584L);
    }
  }

  @Test
  void opensShardsAsItOpensOneFile() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(LlamaFolder.in(folder).writeShards())) {
      assertThat(checkpoint.weightBytes()).isEqualTo(4 * 584L);
      float[] norm = new float[8];
      checkpoint.weight(WeightRole.FINAL_NORM).read(0, FloatBuffer.wrap(norm));
      assertThat(Float.floatToRawIntBits(norm[1])).isEqualTo(0x07060504);
    }
  }

  @Test
  void readsTheHeadOfAModelThatIsNotTied() throws IOException {
    LlamaFolder files = LlamaFolder.in(folder).with("lm_head.weight", 10, 8);
    files.config("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false").write();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.weight(WeightRole.HEAD).info().name()).isEqualTo("lm_head.weight");
    }
  }

  @Test
  void refusesRolesAndLayersThatTheModelLacks() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(LlamaFolder.in(folder).write())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> checkpoint.weight(WeightRole.QUERY_BIAS, 0))
          .withMessage("The model has no QUERY_BIAS in layer 0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> checkpoint.weight(WeightRole.QUERY, 1))
          .withMessage("layer is 1; the model has 1 layers");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> checkpoint.weight(WeightRole.QUERY))
          .withMessage("The model has no QUERY outside the layers");
    }
  }

  @Test
  void canBeClosedTwiceAndNotReadAfterwards() throws IOException {
    Checkpoint checkpoint = Checkpoint.open(LlamaFolder.in(folder).write());
    checkpoint.close();
    checkpoint.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> checkpoint.weight(WeightRole.FINAL_NORM).read(0, FloatBuffer.allocate(1)))
        .withMessage(weights() + " is closed; read weights before the checkpoint is closed");
  }

  @Test
  void saysThatTheTokenizerIsMissing() throws IOException {
    Files.delete(LlamaFolder.in(folder).write().resolve("tokenizer.json"));
    assertThatOpening(CheckpointException.class)
        .withMessageStartingWith(folder + " has no tokenizer.json; expected the fast tokenizer's");
  }

  @Test
  void saysThatTheConfigIsMissing() {
    assertThatOpening(CheckpointException.class)
        .withMessage(folder + " has no config.json; expected a Hugging Face checkpoint's folder.");
  }

  @Test
  void saysThatTheConfigIsNoJson() throws IOException {
    LlamaFolder.in(folder).config("}", "").write();
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("config.json is no valid JSON");
  }

  @Test
  void refusesAConfigThatSaysAFieldTwice() throws IOException {
    LlamaFolder.in(folder).config("\"vocab_size\"", "\"vocab_size\": 9, \"vocab_size\"").write();
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("config.json is no valid JSON (Duplicate field 'vocab_size')");
  }

  @Test
  void refusesAConfigThatIsTooLarge() throws IOException {
    LlamaFolder.in(folder).config("}", "}" + " ".repeat(1 << 20)).write();
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("config.json has 1048")
        .withMessageContaining("expected at most 1048576");
  }

  @Test
  void saysThatTheWeightsAreMissing() throws IOException {
    LlamaFolder.in(folder);
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("has no weights; expected model.safetensors or")
        .withMessageContaining("converted to safetensors first");
  }

  @Test
  void namesTheTensorThatIsMissing() throws IOException {
    LlamaFolder.in(folder).without(GATE).write();
    assertThatOpening(CheckpointException.class)
        .withMessage(
            folder
                + ": the weights lack tensor '"
                + GATE
                + "' of shape [12, 8], which config.json implies. Fetch the missing file or correct"
                + " config.json.");
  }

  @Test
  void comparesShapesWithTheConfig() throws IOException {
    LlamaFolder.in(folder).with(GATE, 8, 12).write();
    assertThatOpening(CheckpointException.class)
        .withMessage(
            weights()
                + ": tensor '"
                + GATE
                + "' has shape [8, 12]; config.json implies [12, 8]. The files belong to different"
                + " models; fetch them again.");
  }

  @Test
  void refusesWeightsThatAreNoFloatingPointNumbers() throws IOException {
    LlamaFolder.in(folder).of(ElementType.I8).write();
    assertThatOpening(UnsupportedModelException.class)
        .withMessageContaining("holds I8; expected F32, F16, BF16 or F64");
  }

  @Test
  void ignoresUnusedTensorsOfUnknownTypes() throws IOException {
    retype(LlamaFolder.in(folder).with("scale", 2).write(), "scale");
    Checkpoint.open(folder).close();
  }

  @Test
  void refusesUsedTensorsOfUnknownTypes() throws IOException {
    retype(LlamaFolder.in(folder).write(), GATE);
    assertThatOpening(UnsupportedModelException.class)
        .withMessageStartingWith(
            weights() + ": tensor '" + GATE + "' has dtype 'F8_', which is not supported;");
  }

  @Test
  void saysThatAWeightFileIsTruncated() throws IOException {
    Path file = LlamaFolder.in(folder).write().resolve("model.safetensors");
    long bytes = Files.size(file);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) bytes - 1));
    assertThatOpening(CheckpointException.class)
        .withMessage(
            weights()
                + ": tensor 'model.norm.weight' ends at byte "
                + bytes
                + ", but the file has "
                + (bytes - 1)
                + " bytes. The file is truncated; fetch it again.");
  }

  @Test
  void saysThatAShardIsMissing() throws IOException {
    Files.delete(LlamaFolder.in(folder).writeShards().resolve("model-3.safetensors"));
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("lists model-3.safetensors, but " + folder + " has no such file");
  }

  @Test
  void saysThatAShardHasOtherTensors() throws IOException {
    LlamaFolder.in(folder).writeShards();
    Files.copy(
        folder.resolve("model-1.safetensors"),
        folder.resolve("model-3.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatOpening(CheckpointException.class)
        .withMessageContaining(
            "tensor 'model.layers.0.input_layernorm.weight' is in another shard");
  }

  @Test
  void saysThatTheIndexNamesATensorThatItsShardLacks() throws IOException {
    Path index = LlamaFolder.in(folder).writeShards().resolve("model.safetensors.index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replace(
                "{\"weight_map\": {", "{\"weight_map\": {\"absent\": \"model-0.safetensors\", "));
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("places tensor 'absent' in model-0.safetensors, which lacks it");
  }

  @Test
  void refusesAnIndexThatSwapsTheShardsOfTwoTensors() throws IOException {
    Path index = LlamaFolder.in(folder).writeShards().resolve("model.safetensors.index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replace("model-0.", "model-x.")
            .replace("model-1.", "model-0.")
            .replace("model-x.", "model-1."));
    assertThatOpening(CheckpointException.class)
        .withMessageContaining(
            "places tensor 'model.embed_tokens.weight' in model-1.safetensors, which lacks it");
  }

  @Test
  void refusesAnIndexThatLeadsOutOfTheFolder() throws IOException {
    Path index = LlamaFolder.in(folder).writeShards().resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\": {\"a\": \"../x.safetensors\"}}");
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("lists the file \"../x.safetensors\"; expected a plain name");
  }

  @Test
  void namesTheFamiliesThatAreSupported() throws IOException {
    LlamaFolder.in(folder).config("\"llama\"", "\"mamba\"").write();
    assertThatOpening(UnsupportedModelException.class)
        .withMessage(
            folder.resolve("config.json")
                + ": model_type is 'mamba'; supported are [llama, mistral].");
  }

  @Test
  void saysThatTheModelTypeIsMissing() throws IOException {
    LlamaFolder.in(folder).config("model_type", "no_type").write();
    assertThatOpening(CheckpointException.class)
        .withMessageStartingWith(
            folder.resolve("config.json")
                + ": model_type is missing; expected one of [llama, mistral].");
  }

  @Test
  void refusesQuantizedCheckpoints() throws IOException {
    LlamaFolder.in(folder).config("{\"model", "{\"quantization_config\": {}, \"model").write();
    assertThatOpening(UnsupportedModelException.class)
        .withMessageContaining("the weights are quantized");
  }

  @Test
  void refusesFieldsOutOfRange() throws IOException {
    LlamaFolder files = LlamaFolder.in(folder);
    files.config("\"vocab_size\": 10", "\"vocab_size\": -1").write();
    assertThatOpening(CheckpointException.class)
        .withMessage(
            folder.resolve("config.json")
                + ": vocab_size is -1; expected a whole number from 1 to 16777216.");
    files.config("\"num_key_value_heads\": 1", "\"num_key_value_heads\": 3");
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("num_key_value_heads is 3; expected a divisor");
    files.config("\"hidden_size\": 8", "\"hidden_size\": 9");
    assertThatOpening(CheckpointException.class)
        .withMessageContaining("hidden_size is 9; expected a multiple of num_attention_heads 2");
  }

  @Test
  void readsBothSpellingsOfTheConfigAsTheSameModel() throws IOException {
    LlamaFolder files = LlamaFolder.in(folder);
    String old =
        "\"rope_theta\": 5e5, \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 32,"
            + " \"low_freq_factor\": 1, \"high_freq_factor\": 4,"
            + " \"original_max_position_embeddings\": 8192}";
    String current =
        "\"dtype\": \"float32\", \"rope_parameters\": {\"rope_theta\": 5e5, \"rope_type\":"
            + " \"llama3\", \"factor\": 32.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
            + " \"original_max_position_embeddings\": 8192}";
    String perLayer = current.replace("{", "{\"full_attention\": {") + "}";
    ModelConfig model = config(files, old);
    assertThat(model.layers().get(0).attention().rotary())
        .isEqualTo(new RotaryConfig(4, 5e5, new RotaryScaling.Llama3(32, 1, 4, 8192)));
    assertThat(config(files, current)).isEqualTo(model);
    assertThat(config(files, perLayer)).isEqualTo(model);
  }

  @Test
  void readsYarnWithItsDefaults() throws IOException {
    String yarn = "\"rope_theta\": 1e6, \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0}";
    ModelConfig model = config(LlamaFolder.in(folder), yarn);
    assertThat(model.layers().get(0).attention().rotary())
        .isEqualTo(
            new RotaryConfig(4, 1e6, new RotaryScaling.Yarn(4, 32, 1, 32, 1.138629436111989)));
  }

  @Test
  void readsTheAttentionFactorOfYarn() throws IOException {
    String yarn =
        "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 40, \"mscale\": 0.5,"
            + " \"mscale_all_dim\": 1, \"beta_fast\": 16, \"beta_slow\": 2,"
            + " \"original_max_position_embeddings\": 16}";
    RotaryScaling scaling =
        config(LlamaFolder.in(folder), yarn).layers().get(0).attention().rotary().scaling();
    assertThat(scaling)
        .isEqualTo(new RotaryScaling.Yarn(40, 16, 2, 16, 1.1844439727056968 / 1.3688879454113936));
  }

  @Test
  void refusesRotaryEmbeddingsThatAreNotSupportedOrNoNumbers() throws IOException {
    LlamaFolder files = LlamaFolder.in(folder).config("10000.0", "1.0");
    files.write();
    assertThatOpening(CheckpointException.class)
        .withMessage(
            folder.resolve("config.json") + ": rope_theta is 1.0; expected a number above 1.");
    files.config("\"rope_theta\": 10000.0", "\"rope_scaling\": {\"rope_type\": \"longrope\"}");
    assertThatOpening(UnsupportedModelException.class)
        .withMessageContaining("rope type 'longrope' is not supported; supported are default,");
    files.config("\"rope_theta\": 10000.0", "\"rope_scaling\": {\"rope_type\": \"linear\"}");
    assertThatOpening(CheckpointException.class)
        .withMessage(
            folder.resolve("config.json")
                + ", rope_scaling: factor is absent; expected a number above 0.");
  }

  @Test
  void readsMistralsSlidingWindow() throws IOException {
    LlamaFolder files = LlamaFolder.in(folder);
    files.config("\"llama\"", "\"mistral\", \"sliding_window\": 16").write();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.config().layers().get(0).attention().slidingWindow()).isEqualTo(16);
    }
    files.config("\"llama\"", "\"mistral\"");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.config().layers().get(0).attention().slidingWindow()).isEqualTo(4096);
    }
    files.config("\"llama\"", "\"mistral\", \"sliding_window\": null");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.config().layers().get(0).attention().slidingWindow())
          .isEqualTo(AttentionConfig.FULL);
    }
  }

  @Test
  void prefersGenerationDefaultsToTheConfig() throws IOException {
    assertThat(
            generationDefaults(
                "{'eos_token_id': 7, 'do_sample': true, 'temperature': 0.6, 'top_p': 0.9}"))
        .isEqualTo(
            new GenerationDefaults(
                Set.of(7),
                SamplingOptions.multinomial()
                    .withTemperature(0.6)
                    .withTruncation(new Truncation(50, 0.9, 0, 1))));
  }

  @Test
  void readsEverySamplingDefaultThatTransformersKnows() throws IOException {
    SamplingOptions sampling =
        generationDefaults(
                "{'top_k': 0, 'min_p': 0.1, 'typical_p': 0.8, 'repetition_penalty': 1.2,"
                    + " 'no_repeat_ngram_size': 3, 'suppress_tokens': [4, 5],"
                    + " 'begin_suppress_tokens': [6], 'min_new_tokens': 2}")
            .sampling();
    assertThat(sampling.temperature()).isZero();
    assertThat(sampling.truncation()).isEqualTo(new Truncation(0, 1, 0.1, 0.8));
    assertThat(sampling.penalties()).isEqualTo(new Penalties(1.2, 0, 0, 3));
    assertThat(sampling.tokens())
        .isEqualTo(new TokenRules(Map.of(), Set.of(4, 5), Set.of(6), List.of(), 2));
  }

  @Test
  void ignoresTokensToSuppressThatTheVocabularyLacks() throws IOException {
    TokenRules rules =
        generationDefaults("{'suppress_tokens': [4, 10], 'begin_suppress_tokens': [9, 99]}")
            .sampling()
            .tokens();
    assertThat(rules.banned()).containsExactly(4);
    assertThat(rules.bannedFirst()).containsExactly(9);
  }

  @ParameterizedTest
  @CsvSource({
    "temperature,-1,0 or more",
    "top_k,2.5,a whole number of 0 or more",
    "top_p,0,'above 0, at most 1'",
    "typical_p,1.5,'above 0, at most 1'",
    "min_p,-0.5,from 0 to 1",
    "repetition_penalty,0,a number above 0",
    "no_repeat_ngram_size,-1,a whole number of 0 or more",
    "min_new_tokens,-1,a whole number of 0 or more",
    "suppress_tokens,-1,a token id or an array of them"
  })
  void refusesSamplingDefaultsOutOfRange(String name, String value, String expected) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> generationDefaults("{'" + name + "': " + value + "}"))
        .withMessageContaining("generation_config.json")
        .withMessageContaining(name + " is " + value + "; expected " + expected);
  }

  private GenerationDefaults generationDefaults(String json) throws IOException {
    LlamaFolder.in(folder).write();
    Files.writeString(folder.resolve("generation_config.json"), json.replace('\'', '"'));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return checkpoint.generationDefaults();
    }
  }

  @Test
  void hasNoEndTokensWhereNoFileNamesOne() throws IOException {
    LlamaFolder.in(folder).config(", \"eos_token_id\": [2, 3]", "").write();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.generationDefaults().endTokens()).isEmpty();
    }
  }

  /** Gives a tensor of the weights a type that nobody knows. */
  private static void retype(Path folder, String tensor) throws IOException {
    Path file = folder.resolve("model.safetensors");
    String from = "\"" + tensor + "\": {\"dtype\": \"F32\"";
    String bytes = Files.readString(file, ISO_8859_1);
    assertThat(bytes).contains(from);
    Files.writeString(file, bytes.replace(from, from.replace("F32", "F8_")), ISO_8859_1);
  }

  private ModelConfig config(LlamaFolder files, String rotary) throws IOException {
    files.config("\"rope_theta\": 10000.0", rotary).write();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return checkpoint.config();
    }
  }

  private <T extends LoquatException> ThrowableAssertAlternative<T> assertThatOpening(
      Class<T> type) {
    return assertThatExceptionOfType(type).isThrownBy(() -> Checkpoint.open(folder).close());
  }

  private Path weights() throws IOException {
    return folder.toRealPath().resolve("model.safetensors");
  }
}
