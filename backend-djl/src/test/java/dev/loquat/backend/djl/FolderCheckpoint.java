package dev.loquat.backend.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.loquat.checkpoint.*;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.*;

/** A Llama checkpoint in a folder. */
final class FolderCheckpoint implements Checkpoint {
  private final ModelConfig config;
  private final Path folder;
  private MappedByteBuffer map;
  private final Map<String, TensorInfo> tensors = new HashMap<>();

  FolderCheckpoint(Path folder) {
    this.folder = folder;
    try {
      ObjectMapper json = new ObjectMapper();
      config = config(json.readTree(folder.resolve("config.json").toFile()));
      Path file = folder.resolve("model.safetensors");
      try (FileChannel c = FileChannel.open(file)) {
        map = c.map(FileChannel.MapMode.READ_ONLY, 0, c.size());
      }
      map.order(ByteOrder.LITTLE_ENDIAN);
      long header = map.getLong(0);
      byte[] text = new byte[(int) header];
      map.get(8, text);
      json.readTree(text)
          .properties()
          .forEach(
              e -> {
                if (e.getKey().equals("__metadata__")) return;
                List<Long> shape = new ArrayList<>();
                e.getValue().get("shape").forEach(n -> shape.add(n.asLong()));
                tensors.put(
                    e.getKey(),
                    new TensorInfo(
                        e.getKey(),
                        ElementType.valueOf(e.getValue().get("dtype").asText()),
                        shape,
                        file,
                        8 + header + e.getValue().get("data_offsets").get(0).asLong()));
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ModelConfig config(JsonNode j) {
    int heads = j.get("num_attention_heads").asInt();
    int hidden = j.get("hidden_size").asInt();
    int kv = j.path("num_key_value_heads").asInt(heads);
    int hd = j.path("head_dim").asInt(0);
    if (hd == 0) hd = hidden / heads;
    JsonNode rope = j.has("rope_parameters") ? j.get("rope_parameters") : j.path("rope_scaling");
    double theta =
        rope.has("rope_theta")
            ? rope.get("rope_theta").asDouble()
            : j.path("rope_theta").asDouble(10000);
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    RotaryScaling s =
        switch (type) {
          case "linear" -> new RotaryScaling.Linear(rope.get("factor").asDouble());
          case "llama3" ->
              new RotaryScaling.Llama3(
                  rope.get("factor").asDouble(),
                  rope.get("low_freq_factor").asDouble(),
                  rope.get("high_freq_factor").asDouble(),
                  rope.get("original_max_position_embeddings").asInt());
          default -> new RotaryScaling.None();
        };
    boolean bias = j.path("attention_bias").asBoolean(false);
    int window = j.path("sliding_window").asInt(0);
    AttentionConfig a =
        new AttentionConfig(
            heads, kv, hd, 1 / Math.sqrt(hd), bias, bias, window, new RotaryConfig(hd, theta, s));
    LayerConfig l =
        new LayerConfig(
            a,
            new MlpConfig(j.get("intermediate_size").asInt(), j.path("mlp_bias").asBoolean(false)));
    return new ModelConfig(
        j.get("model_type").asText(),
        hidden,
        j.get("vocab_size").asInt(),
        j.get("max_position_embeddings").asInt(),
        j.get("rms_norm_eps").asDouble(),
        j.path("tie_word_embeddings").asBoolean(false),
        Collections.nCopies(j.get("num_hidden_layers").asInt(), l));
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public GenerationDefaults generationDefaults() {
    return new GenerationDefaults(Set.of(), false, 1, 0, 1);
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public dev.loquat.checkpoint.Tensor weight(WeightRole role) {
    return of(
        switch (role) {
          case EMBEDDING -> "model.embed_tokens.weight";
          case FINAL_NORM -> "model.norm.weight";
          case HEAD -> config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight";
          default -> throw new IllegalArgumentException();
        });
  }

  @Override
  public dev.loquat.checkpoint.Tensor weight(WeightRole role, int layer) {
    String n =
        switch (role) {
          case ATTENTION_NORM -> "input_layernorm.weight";
          case MLP_NORM -> "post_attention_layernorm.weight";
          case QUERY -> "self_attn.q_proj.weight";
          case KEY -> "self_attn.k_proj.weight";
          case VALUE -> "self_attn.v_proj.weight";
          case ATTENTION_OUTPUT -> "self_attn.o_proj.weight";
          case QUERY_BIAS -> "self_attn.q_proj.bias";
          case KEY_BIAS -> "self_attn.k_proj.bias";
          case VALUE_BIAS -> "self_attn.v_proj.bias";
          case ATTENTION_OUTPUT_BIAS -> "self_attn.o_proj.bias";
          case GATE -> "mlp.gate_proj.weight";
          case UP -> "mlp.up_proj.weight";
          case DOWN -> "mlp.down_proj.weight";
          case GATE_BIAS -> "mlp.gate_proj.bias";
          case UP_BIAS -> "mlp.up_proj.bias";
          case DOWN_BIAS -> "mlp.down_proj.bias";
          default -> throw new IllegalArgumentException();
        };
    return of("model.layers." + layer + "." + n);
  }

  private dev.loquat.checkpoint.Tensor of(String name) {
    TensorInfo info = Objects.requireNonNull(tensors.get(name), name);
    return new dev.loquat.checkpoint.Tensor() {
      @Override
      public TensorInfo info() {
        return info;
      }

      @Override
      public void read(long o, FloatBuffer d) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void readBytes(long o, ByteBuffer d) {
        int n = d.remaining();
        d.put(map.slice((int) (info.fileOffset() + o), n));
      }
    };
  }

  @Override
  public long weightBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
