package dev.loquat.checkpoint;

import dev.loquat.checkpoint.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a Llama checkpoint of one small layer: hidden 8, 2 heads, 1 kv head, vocabulary 10. */
final class LlamaFolder {
  static final String CONFIG =
      """
      {"model_type": "llama", "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 1,
       "num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 10,
       "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
       "tie_word_embeddings": true, "torch_dtype": "float32", "eos_token_id": [2, 3]}
      """;

  private final Path folder;
  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private ElementType type = ElementType.F32;

  private LlamaFolder(Path folder) throws IOException {
    this.folder = folder;
    Files.writeString(folder.resolve("config.json"), CONFIG);
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    String layer = "model.layers.0.";
    with("model.embed_tokens.weight", 10, 8);
    with(layer + "input_layernorm.weight", 8);
    with(layer + "self_attn.q_proj.weight", 8, 8);
    with(layer + "self_attn.k_proj.weight", 4, 8);
    with(layer + "self_attn.v_proj.weight", 4, 8);
    with(layer + "self_attn.o_proj.weight", 8, 8);
    with(layer + "post_attention_layernorm.weight", 8);
    with(layer + "mlp.gate_proj.weight", 12, 8);
    with(layer + "mlp.up_proj.weight", 12, 8);
    with(layer + "mlp.down_proj.weight", 8, 12);
    with("model.norm.weight", 8);
  }

  static LlamaFolder in(Path folder) throws IOException {
    return new LlamaFolder(folder);
  }

  LlamaFolder with(String tensor, long... shape) {
    shapes.put(tensor, shape);
    return this;
  }

  LlamaFolder without(String tensor) {
    shapes.remove(tensor);
    return this;
  }

  LlamaFolder of(ElementType type) {
    this.type = type;
    return this;
  }

  LlamaFolder config(String from, String to) throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG.replace(from, to));
    return this;
  }

  /** Writes the weights as one file. */
  Path write() throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    shapes.forEach((name, shape) -> writer.counting(name, type, shape));
    writer.write(folder.resolve("model.safetensors"));
    return folder;
  }

  /** Writes each tensor as a shard of its own, with the index. */
  Path writeShards() throws IOException {
    StringBuilder index = new StringBuilder();
    int shard = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      String file = "model-" + shard++ + ".safetensors";
      new SafetensorsWriter()
          .counting(tensor.getKey(), type, tensor.getValue())
          .write(folder.resolve(file));
      index.append(", \"%s\": \"%s\"".formatted(tensor.getKey(), file));
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {" + index.substring(2) + "}}");
    return folder;
  }
}
