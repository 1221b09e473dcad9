"""Writes filters.json: probabilities after the logits processors and warpers that transformers itself puts together.

Usage: python filters.py filters.json  (with torch and transformers; the logits are made from a seed)
"""

import json
import sys
from types import SimpleNamespace

import torch
import transformers
from transformers import GenerationConfig
from transformers.generation import GenerationMixin

VOCABULARY = 64
PROMPT = [3, 1, 4, 1, 5, 9, 2, 6]
NEW = [5, 3, 1, 4, 1, 5]
END_TOKENS = [2, 7]

# The names are transformers'; "sequence_bias" is a bias of single tokens here.
CASES = [
    {"temperature": 0.3},
    {"temperature": 2.5},
    {"top_k": 1},
    {"top_k": 13},
    {"top_k": 40},
    {"top_p": 0.9},
    {"top_p": 0.7},
    {"top_p": 0.99},
    {"min_p": 0.02},
    {"min_p": 0.5},
    {"min_p": 1.0},
    {"typical_p": 0.05},
    {"typical_p": 0.3},
    {"typical_p": 0.6},
    {"typical_p": 0.95},
    {"repetition_penalty": 1.7},
    {"repetition_penalty": 0.6},
    {"no_repeat_ngram_size": 1},
    {"no_repeat_ngram_size": 2},
    {"no_repeat_ngram_size": 3},
    {"no_repeat_ngram_size": 4},
    {"no_repeat_ngram_size": 20},
    {"suppress_tokens": [11, 12, 40]},
    {"begin_suppress_tokens": [20, 21], "new": 0},
    {"begin_suppress_tokens": [20, 21], "new": 1},
    {"min_new_tokens": 6},
    {"min_new_tokens": 7},
    {"sequence_bias": {"17": 2.5, "5": -3.0, "63": 6.0}},
    {"temperature": 1.4, "top_p": 0.9, "typical_p": 0.7},
    {"temperature": 0.6, "top_k": 20, "top_p": 0.8, "min_p": 0.05},
    {"temperature": 3.0, "top_k": 30, "min_p": 0.1, "typical_p": 0.5},
    {"sequence_bias": {"5": 4.0, "1": -1.0}, "repetition_penalty": 1.5},
    {"repetition_penalty": 1.3, "no_repeat_ngram_size": 2, "suppress_tokens": [8, 15], "min_new_tokens": 10},
    {
        "temperature": 1.2,
        "top_k": 25,
        "top_p": 0.95,
        "min_p": 0.01,
        "typical_p": 0.9,
        "repetition_penalty": 1.2,
        "no_repeat_ngram_size": 3,
        "suppress_tokens": [10, 33],
        "begin_suppress_tokens": [30],
        "min_new_tokens": 12,
        "sequence_bias": {"17": 1.5, "3": 0.5},
    },
]


def logits():
    torch.manual_seed(4)
    values = torch.randn(VOCABULARY) * 2.5
    # Tokens as likely as each other, on both sides of a cut and at the peak.
    values[50] = values[51] = values[52] = torch.topk(values, 13).values[-1]
    values[60] = values[61] = values.max()
    return values


def processors(options, prompt_length):
    options = {**options}
    if "sequence_bias" in options:
        options["sequence_bias"] = {(int(token),): bias for token, bias in options["sequence_bias"].items()}
    # transformers' own default of top_k is 50, which is a filter of a vocabulary of 64.
    config = GenerationConfig(**{"do_sample": True, "top_k": 0, **options})
    config._eos_token_tensor = torch.tensor(END_TOKENS)
    model = SimpleNamespace(config=SimpleNamespace(is_encoder_decoder=False))
    model._merge_criteria_processor_list = lambda default, custom: default
    return GenerationMixin._get_logits_processor(model, config, input_ids_seq_length=prompt_length, device="cpu")


def case(options):
    options = {**options}
    new = NEW[: options.pop("new", len(NEW))]
    scores = processors(options, len(PROMPT))(torch.tensor([PROMPT + new]), logits()[None].clone())
    return {"options": options, "new": new, "p": [round(p, 7) for p in scores.softmax(-1)[0].tolist()]}


def main():
    reference = {
        "transformers": transformers.__version__,
        "logits": logits().tolist(),
        "prompt": PROMPT,
        "endTokens": END_TOKENS,
    }
    cases = ",\n".join("  " + json.dumps(case(options)) for options in CASES)
    head = json.dumps(reference, indent=1).removesuffix("\n}")
    with open(sys.argv[1], "w") as file:
        file.write(f'{head},\n "cases": [\n{cases}\n ]\n}}\n')


main()
