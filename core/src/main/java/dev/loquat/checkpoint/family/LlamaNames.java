package dev.loquat.checkpoint.family;

import dev.loquat.checkpoint.WeightRole;

/** The names of weights in checkpoints of Llama's layout. */
final class LlamaNames {

  private LlamaNames() {}

  static String of(WeightRole role, int layer) {
    String name = name(role);
    return role.isPerLayer() ? "model.layers." + layer + "." + name : name;
  }

  private static String name(WeightRole role) {
    return switch (role) {
      case EMBEDDING -> "model.embed_tokens.weight";
      case ATTENTION_NORM -> "input_layernorm.weight";
      case QUERY -> "self_attn.q_proj.weight";
      case QUERY_BIAS -> "self_attn.q_proj.bias";
      case KEY -> "self_attn.k_proj.weight";
      case KEY_BIAS -> "self_attn.k_proj.bias";
      case VALUE -> "self_attn.v_proj.weight";
      case VALUE_BIAS -> "self_attn.v_proj.bias";
      case ATTENTION_OUTPUT -> "self_attn.o_proj.weight";
      case ATTENTION_OUTPUT_BIAS -> "self_attn.o_proj.bias";
      case MLP_NORM -> "post_attention_layernorm.weight";
      case GATE -> "mlp.gate_proj.weight";
      case GATE_BIAS -> "mlp.gate_proj.bias";
      case UP -> "mlp.up_proj.weight";
      case UP_BIAS -> "mlp.up_proj.bias";
      case DOWN -> "mlp.down_proj.weight";
      case DOWN_BIAS -> "mlp.down_proj.bias";
      case FINAL_NORM -> "model.norm.weight";
      case HEAD -> "lm_head.weight";
    };
  }
}
