"""Trains Loquat's embedded model from its corpus and writes the checkpoint and the reference data. See README.md."""

import argparse
import math
import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch.func import functional_call

import evaluate
import export
import reference
from data import LateSamples, Samples, read_corpus, train_tokenizer
from model import Llama, Shape
from rounding import bf16, int4, round_weights, straight_through

SEED = 17


@dataclass(frozen=True)
class Stage:
    """`rounded_from`: the progress from which the weights are rounded in turn to what they will meet."""

    steps: int
    rate: float
    rounded_from: float


FIRST_STAGE = Stage(steps=4000, rate=3e-3, rounded_from=0.66)
SECOND_STAGE = Stage(steps=300, rate=1e-3, rounded_from=0.0)


def main() -> None:
    options = parse_options()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    corpus, shape = read_corpus(), Shape()
    tokenizer = train_tokenizer(corpus, shape.vocab)
    model = Llama(shape)
    if options.resume:
        model, tokenizer = export.read_checkpoint(options.resume)
    else:
        train(model, Samples(corpus, tokenizer, SEED), options.rows, FIRST_STAGE)
    train(model, LateSamples(corpus, tokenizer, SEED + 1), options.rows, SECOND_STAGE)
    export.write_checkpoint(options.out, model, tokenizer)
    evaluate.report(options.out)
    if options.reference:
        reference.write(options.out, options.reference)


def parse_options() -> argparse.Namespace:
    resources = export.MODULE / "src"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=24, help="sequences in a batch")
    parser.add_argument("--resume", type=export.Path, help="a checkpoint of the first stage, to train only the second")
    parser.add_argument("--out", type=export.Path, default=resources / "main/resources/dev/loquat/models/tiny")
    parser.add_argument("--reference", type=export.Path, default=resources / "test/resources/tiny")
    return parser.parse_args()


def train(model: Llama, samples: Samples, rows: int, stage: Stage) -> None:
    """Runs one stage; it leaves the weights rounded to bf16."""
    optimizers = build_optimizers(model, stage.rate)
    batches, started, mean = samples.batches(rows), time.time(), None
    for step in range(stage.steps):
        progress = step / stage.steps
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["initial_lr"] * rate_factor(step, progress)
        rounding = (bf16, int4)[step % 2] if progress >= stage.rounded_from else None
        loss = loss_of(model, *next(batches), rounding)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}  loss {mean:.4f}  {time.time() - started:.0f} s", flush=True)
    round_weights(model, bf16)


def build_optimizers(model: Llama, rate: float) -> list[torch.optim.Optimizer]:
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() == 1 or "embed" in n]
    built = [torch.optim.AdamW(matrices, lr=rate, betas=(0.9, 0.95), weight_decay=0.1),
             torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.95), weight_decay=0.0)]
    for optimizer in built:
        for group in optimizer.param_groups:
            group["initial_lr"] = group["lr"]
    return built


def rate_factor(step: int, progress: float) -> float:
    """A short warm-up, then a cosine down to one hundredth."""
    return min(1.0, (step + 1) / 100) * (0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2)


def loss_of(model: Llama, ids: torch.Tensor, learned: torch.Tensor, rounding) -> torch.Tensor:
    weights = {name: straight_through(rounding, name, weight) if rounding else weight
               for name, weight in model.named_parameters()}
    logits = functional_call(model, weights, (ids[:, :-1], learned[:, 1:]))
    return F.cross_entropy(logits, ids[:, 1:][learned[:, 1:]])


if __name__ == "__main__":
    main()
