"""Writes check-logits.txt: what transformers computes for the small model of CheckModel.

Run with torch and transformers, and put what it prints beside CheckModel in main/resources.
"""
import numpy
import torch
from transformers import LlamaConfig, LlamaForCausalLM

VOCABULARY, HIDDEN, LAYERS, HEADS, KV_HEADS, HEAD_DIM, MLP = 128, 64, 2, 4, 2, 16, 96
SHARP, PLAIN = numpy.float32(0.25), numpy.float32(0.125)
state = (7 ^ 0x5DEECE66D) & ((1 << 48) - 1)


def next_float():
    """java.util.Random.nextFloat."""
    global state
    state = (state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
    return numpy.float32(state >> 24) / numpy.float32(1 << 24)


def tensor(shape, mean, spread):
    count = int(numpy.prod(shape))
    one = numpy.float32(1)
    values = [numpy.float32(mean) + (2 * next_float() - one) * spread for _ in range(count)]
    return torch.tensor(numpy.array(values, numpy.float32).reshape(shape).astype(numpy.float64))


weights = {"model.embed_tokens.weight": tensor((VOCABULARY, HIDDEN), 0, SHARP)}
for layer in range(LAYERS):
    name = f"model.layers.{layer}."
    keys = KV_HEADS * HEAD_DIM
    weights[name + "input_layernorm.weight"] = tensor((HIDDEN,), 1, SHARP)
    weights[name + "self_attn.q_proj.weight"] = tensor((HIDDEN, HIDDEN), 0, SHARP)
    weights[name + "self_attn.k_proj.weight"] = tensor((keys, HIDDEN), 0, SHARP)
    weights[name + "self_attn.v_proj.weight"] = tensor((keys, HIDDEN), 0, PLAIN)
    weights[name + "self_attn.o_proj.weight"] = tensor((HIDDEN, HIDDEN), 0, PLAIN)
    weights[name + "post_attention_layernorm.weight"] = tensor((HIDDEN,), 1, SHARP)
    weights[name + "mlp.gate_proj.weight"] = tensor((MLP, HIDDEN), 0, PLAIN)
    weights[name + "mlp.up_proj.weight"] = tensor((MLP, HIDDEN), 0, PLAIN)
    weights[name + "mlp.down_proj.weight"] = tensor((HIDDEN, MLP), 0, PLAIN)
weights["model.norm.weight"] = tensor((HIDDEN,), 1, SHARP)

config = LlamaConfig(
    vocab_size=VOCABULARY,
    hidden_size=HIDDEN,
    intermediate_size=MLP,
    num_hidden_layers=LAYERS,
    num_attention_heads=HEADS,
    num_key_value_heads=KV_HEADS,
    head_dim=HEAD_DIM,
    max_position_embeddings=32,
    rms_norm_eps=1e-5,
    rope_theta=10000.0,
    tie_word_embeddings=True,
)
torch.set_default_dtype(torch.float64)
model = LlamaForCausalLM(config).double().eval()
missing, unexpected = model.load_state_dict(weights, strict=False)
assert missing in ([], ["lm_head.weight"]) and not unexpected, (missing, unexpected)
model.tie_weights()
with torch.no_grad():
    first = model(torch.tensor([[1, 5, 9, 2, 77, 11]])).logits[0]
    second = model(torch.tensor([[3, 4, 120, 6]])).logits[0]
for row in (first[4], second[2], first[5], second[3]):
    print(" ".join(f"{value:.6f}" for value in row.tolist()))
