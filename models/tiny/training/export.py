"""Writes the trained model as a Hugging Face checkpoint folder, and reads it back."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from data import BEGIN, CHAT_TEMPLATE, END, PAD, SPECIAL
from model import Llama, Shape

MODULE = Path(__file__).parent.parent


def write_checkpoint(folder: Path, model: Llama, tokenizer: Tokenizer) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ids = {role: tokenizer.token_to_id(token) for role, token in (("bos", BEGIN), ("eos", END), ("pad", PAD))}
    write_json(folder / "config.json", config(model.shape, ids))
    write_json(folder / "generation_config.json", {f"{r}_token_id": i for r, i in ids.items()} | {"do_sample": False})
    write_json(folder / "special_tokens_map.json", special_tokens())
    write_json(folder / "tokenizer_config.json", tokenizer_config(model.shape))
    (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False) + "\n")
    weights = {name: weight.detach().bfloat16().contiguous() for name, weight in model.named_parameters()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def config(shape: Shape, ids: dict[str, int]) -> dict:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": shape.vocab,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_dim,
        "hidden_act": "silu",
        "max_position_embeddings": shape.context,
        "rms_norm_eps": shape.norm_eps,
        "rope_theta": shape.rope_theta,
        "rope_scaling": None,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "initializer_range": 0.05,
        "use_cache": True,
        "torch_dtype": "bfloat16",
    } | {f"{role}_token_id": token for role, token in ids.items()}


def special_tokens() -> dict:
    return {"bos_token": BEGIN, "eos_token": END, "pad_token": PAD, "additional_special_tokens": SPECIAL[3:]}


def tokenizer_config(shape: Shape) -> dict:
    added = {str(i): {"content": token, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
                      "special": True} for i, token in enumerate(SPECIAL)}
    return {"added_tokens_decoder": added, "add_bos_token": False, "add_prefix_space": False,
            "clean_up_tokenization_spaces": False, "model_max_length": shape.context,
            "tokenizer_class": "PreTrainedTokenizerFast", "chat_template": CHAT_TEMPLATE} | special_tokens()


def write_json(path: Path, value) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_checkpoint(folder: Path) -> tuple[Llama, Tokenizer]:
    """The model with its bf16 weights as float32, and its tokenizer."""
    model = Llama(Shape())
    weights = {name: weight.float() for name, weight in load_file(folder / "model.safetensors").items()}
    model.load_state_dict(weights, strict=True)
    return model.eval(), Tokenizer.from_file(str(folder / "tokenizer.json"))
