"""Measures a written checkpoint: exact answers, quantized agreement, and agreement with Hugging Face transformers."""

import copy
import random
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

import export
from data import END, Entry, chat, chat_prompt, read_corpus
from model import Llama, greedy
from rounding import int4, round_weights

NAMED = ["What is machine learning?", "Explain photosynthesis.", "What is Python?", "Explain neural networks.",
         "How does Git work?"]
FORMS = {
    "raw": lambda q, a: (q, "\n" + a),
    "chat": lambda q, a: (chat_prompt(q), a),
    "chat with system": lambda q, a: (chat_prompt(q, system="You are a helpful assistant."), a),
    "Question/Answer": lambda q, a: (f"Question: {q}\nAnswer:", " " + a),
    "raw, no final mark": lambda q, a: (q.rstrip("?.!"), "\n" + a),
    "raw, lower case": lambda q, a: (q.lower(), "\n" + a),
}


def report(folder: Path) -> None:
    torch.set_num_threads(1)
    model, tokenizer = export.read_checkpoint(folder)
    corpus = read_corpus()
    trained = [(q, e.answer) for e in corpus for q in e.questions]
    held_out = [(q, e.answer) for e in corpus for q in e.held_out]
    print_sizes(folder, model)
    print(f"{len(corpus)} answers, {len(trained)} trained wordings, {len(held_out)} held-out wordings")
    for title, pairs in (("trained", trained), ("held-out", held_out)):
        for form in FORMS:
            print(f"exact greedy answers, {title} wordings, {form}: {exact_rate(model, tokenizer, pairs, form):.2%}")
    for turns in (2, 3, 4, 5):
        rate = conversation_rate(model, tokenizer, trained, turns)
        print(f"exact greedy answers, question {turns} of a chat: {rate:.0%}")
    quantized = round_weights(copy.deepcopy(model), int4)
    for form in ("raw", "chat"):
        print(f"int4, {form}: {agreement(model, quantized, tokenizer, trained, form):.3%} of greedy tokens agree; "
              f"exact answers {exact_rate(quantized, tokenizer, trained, form):.2%}")
    print_answers(model, tokenizer)
    compare_with_transformers(folder, model, tokenizer)


def print_sizes(folder: Path, model: Llama) -> None:
    print(f"{sum(p.numel() for p in model.parameters())} parameters")
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    print(f"{sum(sizes.values())} bytes: {sizes}")


def scored(tokenizer: Tokenizer, pairs: list[tuple[str, str]], form: str):
    """Token ids of prompt and answer, and how many of them are the prompt."""
    for question, answer in pairs:
        prompt, continuation = FORMS[form](question, answer)
        head = tokenizer.encode(prompt).ids
        yield torch.tensor([head + tokenizer.encode(continuation + END).ids]), len(head)


def exact_rate(model: Llama, tokenizer: Tokenizer, pairs: list[tuple[str, str]], form: str) -> float:
    """The share of pairs answered word for word."""
    exact = [is_exact(model, ids, n) for ids, n in scored(tokenizer, pairs, form)]
    return sum(exact) / len(exact)


@torch.no_grad()
def is_exact(model: Llama, ids: torch.Tensor, prompt_tokens: int) -> bool:
    """Whether greedy decoding gives the rest of `ids`: it does iff the first choice of every step is the next token."""
    return bool((model(ids[:, :-1])[0, prompt_tokens - 1:].argmax(-1) == ids[0, prompt_tokens:]).all())


def conversation_rate(model: Llama, tokenizer: Tokenizer, pairs: list[tuple[str, str]], turns: int) -> float:
    """The share of 100 conversations about chance subjects whose last question is answered word for word."""
    chance, exact = random.Random(turns), 0
    for _ in range(100):
        *before, (question, wanted) = chance.sample(pairs, turns)
        prompt = tokenizer.encode(chat_prompt(*(text for pair in before for text in pair), question)).ids
        exact += is_exact(model, torch.tensor([prompt + tokenizer.encode(wanted + END).ids]), len(prompt))
    return exact / 100


@torch.no_grad()
def agreement(model: Llama, other: Llama, tokenizer: Tokenizer, pairs: list[tuple[str, str]], form: str) -> float:
    """The share of answer positions at which both models choose the same token."""
    same = torch.cat([model(ids)[0, n - 1:-1].argmax(-1) == other(ids)[0, n - 1:-1].argmax(-1)
                      for ids, n in scored(tokenizer, pairs, form)])
    return same.float().mean().item()


def answer(model: Llama, tokenizer: Tokenizer, prompt: str) -> str:
    ids, _ = greedy(model, tokenizer.encode(prompt).ids, tokenizer.token_to_id(END), 96)
    return tokenizer.decode(ids, skip_special_tokens=True)


def print_answers(model: Llama, tokenizer: Tokenizer) -> None:
    for question in NAMED + ["Who are you?", "what is cuda", "What is the capital of Peru?"]:
        print(f"raw  {question!r}: {answer(model, tokenizer, question)!r}")
        print(f"chat {question!r}: {answer(model, tokenizer, chat_prompt(question))!r}")


def compare_with_transformers(folder: Path, model: Llama, tokenizer: Tokenizer) -> None:
    from transformers import AutoTokenizer, LlamaForCausalLM
    theirs = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    their_tokenizer = AutoTokenizer.from_pretrained(folder)
    prompts = NAMED + [chat_prompt(q, system=s) for q in NAMED for s in (None, "Be brief and correct.")]
    largest = 0.0
    for prompt in prompts:
        ids = torch.tensor([tokenizer.encode(prompt).ids])
        assert their_tokenizer(prompt)["input_ids"] == ids[0].tolist(), prompt
        with torch.no_grad():
            largest = max(largest, (theirs(ids).logits - model(ids)).abs().max().item())
        generated = theirs.generate(ids, max_new_tokens=96)[0, ids.shape[1]:]
        assert their_tokenizer.decode(generated, skip_special_tokens=True) == answer(model, tokenizer, prompt), prompt
    rendered = their_tokenizer.apply_chat_template(chat("a", "b", "c", system="s"), tokenize=False,
                                                   add_generation_prompt=True)
    assert rendered == chat_prompt("a", "b", "c", system="s"), rendered
    print(f"transformers: largest difference of a logit {largest:.2e}; greedy texts, token ids and chats are equal")


if __name__ == "__main__":
    report(Path(sys.argv[1]) if len(sys.argv) > 1 else export.MODULE / "src/main/resources/dev/loquat/models/tiny")
