"""Prints tokens per second of transformers' own generate as one JSON line."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

folder, weight_type = sys.argv[1:3]
threads, prompt, new_tokens, batch, batch_prompt, context = map(int, sys.argv[3:])
torch.set_num_threads(threads)
torch.manual_seed(7)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, weight_type))
model.generation_config.eos_token_id = None


def seconds(rows, length, count):
    ids = torch.randint(0, model.config.vocab_size, (rows, length))
    start = time.perf_counter()
    model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        min_new_tokens=count,
        max_new_tokens=count,
        pad_token_id=0,
    )
    return time.perf_counter() - start


def decode(rows, length):
    return rows * new_tokens / (seconds(rows, length, new_tokens + 1) - seconds(rows, length, 1))


with torch.inference_mode():
    seconds(1, prompt, 2)
    print(
        json.dumps(
            {
                "prefill": prompt / seconds(1, prompt, 1),
                "decode": decode(1, prompt),
                "decodeTogether": decode(batch, batch_prompt),
                "decodeAtContext": decode(1, context),
            }
        )
    )
