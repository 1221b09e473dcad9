"""Writes the data that Loquat's tests compare with: float32 on CPU, computed by model.py from the bf16 file."""

import json
from pathlib import Path

import tokenizers
import torch

import export
from data import END, chat, chat_prompt
from evaluate import NAMED, answer
from model import greedy

LIMIT, TOP = 96, 20
RAW = NAMED + [
    "What is Loquat?", "what is the KV cache", "WHAT IS CUDA?", "Question: What is top-p sampling?\nAnswer:",
    "What is the capital of France?", "Who are you?", "A", "GPU inference is faster because", "How do I list GPUs?"]
CHATS = [chat(question) for question in NAMED] + [
    chat("What is machine learning?", system="You answer in one short sentence."),
    chat("What is the capital of France?"),
    chat("What is the KV cache?", "It stores keys and values.", "What is prefill?"),
    chat("Hello!"),
    chat("What does temperature do?", system="Keep your answers short.")]
TEXTS = NAMED + [
    "Machine learning is a branch of artificial intelligence that", "A", "1, 2, 3, 4, 5, 6,",
    "The KV cache stores the keys and values", "public static void main(String[] args) {\n",
    "Question: What is BF16?\nAnswer:", "Les trois couleurs du drapeau français sont"]
TOKENIZED = [
    "", " ", "\n\n\t", "Hello, world!", "naïve café — “quotes”", "emoji 👩‍👩‍👧‍👦 🇫🇷 👍🏽", "数字と漢字、かな",
    "0123456789 3.14159 1,000,000", "<|user|>\nhi<|end|>", "   leading and trailing   ",
    "don't you'll we've I'M IT'S", "tabs\tand\r\nCRLF", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u200b\ufeff zero", "a" * 200, "مرحبا بالعالم",
    "x=1;y=2//comment", "<|end|><|end|>", "\x00\x01 control", "é vs é", "ﬁ ligature",
    "GPU inference keeps the weights of a model in memory.", "<|begin|>What is Loquat?"]


def write(checkpoint: Path, folder: Path) -> None:
    torch.set_num_threads(1)
    model, tokenizer = export.read_checkpoint(checkpoint)
    folder.mkdir(parents=True, exist_ok=True)
    chats = [{"messages": m, "rendered": chat_prompt(*turns(m), system=system(m))} for m in CHATS]
    for case in chats:
        case["ids"] = tokenizer.encode(case["rendered"], add_special_tokens=False).ids
    write_cases(folder / "chat.json", "chat template with the generation prompt; ids are of the rendered text, with no "
                "special tokens added", chats)
    write_cases(folder / "greedy.json", f"greedy, at most {LIMIT} new tokens; gap: ln p of the first choice less that "
                "of the second, so a step with a small gap may go the other way",
                [greedy_case(model, tokenizer, p) for p in RAW + [case["rendered"] for case in chats]])
    write_cases(folder / "logprobs.json", f"for every position: the {TOP} most likely next tokens [id, ln p]; "
                "nextLogprob: ln p of the text's own next token", [logprob_case(model, tokenizer, t) for t in TEXTS])
    write_cases(folder / "tokenizer.json", "tokenizer: text <-> ids", [tokenizer_case(tokenizer, t) for t in TOKENIZED])
    expected = {q: {"raw": answer(model, tokenizer, q), "chat": answer(model, tokenizer, chat_prompt(q))}
                for q in NAMED + ["What is Loquat?", "Who are you?", "What is the capital of France?",
                                  "What is a KV cache?", "How do I fix CUDA out of memory?", "What is GGUF?"]}
    export.write_json(folder / "expected-answers.json", expected)


def turns(messages: list[dict]) -> list[str]:
    return [m["content"] for m in messages if m["role"] != "system"]


def system(messages: list[dict]) -> str | None:
    return messages[0]["content"] if messages[0]["role"] == "system" else None


def write_cases(path: Path, what: str, cases: list[dict]) -> None:
    head = {"checkpoint": "loquat-model-tiny", "dtype": "float32", "torch": torch.__version__,
            "tokenizers": tokenizers.__version__, "what": what}
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    path.write_text(json.dumps(head)[:-1] + ', "cases": [\n' + lines + "\n]}\n")


def greedy_case(model, tokenizer, prompt: str) -> dict:
    prompt_ids, end = tokenizer.encode(prompt, add_special_tokens=False).ids, tokenizer.token_to_id(END)
    ids, steps = greedy(model, prompt_ids, end, LIMIT)
    best = [step.topk(2).values for step in steps]
    return {"prompt": prompt, "promptIds": prompt_ids, "ids": ids, "logprob": [digits(b[0]) for b in best],
            "gap": [digits(b[0] - b[1]) for b in best], "text": tokenizer.decode(ids, skip_special_tokens=True),
            "finish": "eos" if ids[-1] == end else "length"}


@torch.no_grad()
def logprob_case(model, tokenizer, text: str) -> dict:
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    logprobs = model(torch.tensor([ids]))[0].log_softmax(-1)
    top = logprobs.topk(TOP)
    return {"text": text, "ids": ids, "nextLogprob": [digits(logprobs[i, t]) for i, t in enumerate(ids[1:])],
            "top": [[[int(i), digits(v)] for i, v in zip(*row)] for row in zip(top.indices, top.values)]}


def tokenizer_case(tokenizer, text: str) -> dict:
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    return {"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=True),
            "decodedWithSpecials": tokenizer.decode(ids, skip_special_tokens=False)}


def digits(value: torch.Tensor) -> float:
    return round(value.item(), 6)


if __name__ == "__main__":
    module = export.MODULE / "src"
    write(module / "main/resources/dev/loquat/models/tiny", module / "test/resources/tiny")
