"""The roundings that a trained model must survive: bf16 in the file, blocks of small integers when quantized."""

import torch
from torch import Tensor

BLOCK = 32


def bf16(name: str, weight: Tensor) -> Tensor:
    return weight.bfloat16().float()


def int4(name: str, weight: Tensor) -> Tensor:
    """Matrices to 4 bits with scale and minimum, the embedding to 8 bits with a scale, norms to bf16."""
    if weight.dim() == 1:
        return bf16(name, weight)
    blocks = weight.reshape(-1, BLOCK)
    return (symmetric(blocks) if "embed_tokens" in name else affine(blocks)).reshape(weight.shape)


def affine(blocks: Tensor) -> Tensor:
    low, high = blocks.amin(1, keepdim=True).half().float(), blocks.amax(1, keepdim=True)
    scale = ((high - low) / 15).clamp_min(1e-6).half().float()
    return ((blocks - low) / scale).round().clamp(0, 15) * scale + low


def symmetric(blocks: Tensor) -> Tensor:
    scale = (blocks.abs().amax(1, keepdim=True) / 127).clamp_min(1e-6).half().float()
    return (blocks / scale).round().clamp(-127, 127) * scale


def straight_through(rounding, name: str, weight: Tensor) -> Tensor:
    """Rounded forward, identity backward."""
    return weight + (rounding(name, weight) - weight).detach()


@torch.no_grad()
def round_weights(model: torch.nn.Module, rounding) -> torch.nn.Module:
    """Rounds the weights in place."""
    for name, weight in model.named_parameters():
        weight.copy_(rounding(name, weight))
    return model
