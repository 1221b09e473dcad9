package dev.loquat.internal.diagnosis;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * The random weights of the small model, the same on every machine, as a safetensors file: the
 * header's length in 8 bytes, the header as JSON, then the numbers; all little-endian.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">safetensors</a>
 */
final class CheckWeights {
  private static final int SEED = 7;

  /** Powers of two, so that the numbers are the same wherever they are computed. */
  private static final float SHARP = 0.25f;

  private static final float PLAIN = 0.125f;

  private final Random random = new Random(SEED);
  private final List<float[]> values = new ArrayList<>();
  private final StringJoiner header = new StringJoiner(",", "{", "}");
  private int bytes;

  private CheckWeights() {}

  static byte[] file() {
    CheckWeights weights = new CheckWeights();
    weights.addModel();
    return weights.written();
  }

  private void addModel() {
    addMatrix("model.embed_tokens.weight", CheckModel.VOCABULARY, CheckModel.HIDDEN, SHARP);
    for (int layer = 0; layer < CheckModel.LAYERS; layer++) {
      addLayer("model.layers." + layer + ".");
    }
    addNorm("model.norm.weight");
  }

  private void addLayer(String layer) {
    int keys = CheckModel.KV_HEADS * CheckModel.HEAD_DIM;
    addNorm(layer + "input_layernorm.weight");
    addMatrix(layer + "self_attn.q_proj.weight", CheckModel.HIDDEN, CheckModel.HIDDEN, SHARP);
    addMatrix(layer + "self_attn.k_proj.weight", keys, CheckModel.HIDDEN, SHARP);
    addMatrix(layer + "self_attn.v_proj.weight", keys, CheckModel.HIDDEN, PLAIN);
    addMatrix(layer + "self_attn.o_proj.weight", CheckModel.HIDDEN, CheckModel.HIDDEN, PLAIN);
    addNorm(layer + "post_attention_layernorm.weight");
    addMatrix(layer + "mlp.gate_proj.weight", CheckModel.MLP, CheckModel.HIDDEN, PLAIN);
    addMatrix(layer + "mlp.up_proj.weight", CheckModel.MLP, CheckModel.HIDDEN, PLAIN);
    addMatrix(layer + "mlp.down_proj.weight", CheckModel.HIDDEN, CheckModel.MLP, PLAIN);
  }

  private void addMatrix(String name, int rows, int columns, float spread) {
    add(name, "[" + rows + "," + columns + "]", rows * columns, 0, spread);
  }

  private void addNorm(String name) {
    add(name, "[" + CheckModel.HIDDEN + "]", CheckModel.HIDDEN, 1, SHARP);
  }

  private void add(String name, String shape, int count, float mean, float spread) {
    float[] tensor = new float[count];
    for (int i = 0; i < count; i++) {
      tensor[i] = mean + (2 * random.nextFloat() - 1) * spread;
    }
    int end = bytes + count * Float.BYTES;
    header.add(
        String.format(
            "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
            name, shape, bytes, end));
    values.add(tensor);
    bytes = end;
  }

  private byte[] written() {
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + text.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    for (float[] tensor : values) {
      for (float value : tensor) {
        file.putFloat(value);
      }
    }
    return file.array();
  }
}
