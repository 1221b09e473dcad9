"""The corpus, the tokenizer trained on it, and the training samples in every format that the model answers in."""

import random
from dataclasses import dataclass
from pathlib import Path

import jinja2
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor

from wordings import varied, with_unknown_word

CORPUS = Path(__file__).parent / "corpus"
BEGIN, END, PAD = "<|begin|>", "<|end|>", "<|pad|>"
SPECIAL = [BEGIN, END, PAD, "<|system|>", "<|user|>", "<|assistant|>"]
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)
RENDER = jinja2.Environment().from_string(CHAT_TEMPLATE).render


@dataclass(frozen=True)
class Entry:
    questions: tuple[str, ...]
    held_out: tuple[str, ...]
    answer: str


def read_corpus() -> list[Entry]:
    blocks = (block for path in sorted(CORPUS.glob("[0-9]-*.txt")) for block in path.read_text().split("\n\n"))
    return [entry for entry in map(parse, blocks) if entry]


def parse(block: str) -> Entry | None:
    """One block: lines `Q: ` (trained wordings), `T: ` (wordings kept for the test), one `A: `; `#`: a comment."""
    lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    if not lines:
        return None
    of = {kind: tuple(line[3:] for line in lines if line.startswith(kind + ": ")) for kind in "QTA"}
    if sum(map(len, of.values())) != len(lines) or len(of["A"]) != 1 or not of["Q"]:
        raise ValueError(f"Malformed corpus block: expected Q:, T: and one A: line, got {lines}")
    return Entry(of["Q"], of["T"], of["A"][0])


def read_systems() -> list[str]:
    return [line for line in (CORPUS / "systems.txt").read_text().splitlines() if line and not line.startswith("#")]


def train_tokenizer(corpus: list[Entry], vocab: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(tokenizer_texts(corpus), trainers.BpeTrainer(
        vocab_size=vocab, min_frequency=2, show_progress=False,
        special_tokens=[AddedToken(t, special=True, normalized=False) for t in SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def tokenizer_texts(corpus: list[Entry]):
    for entry in corpus:
        yield from (entry.answer, " " + entry.answer, "Question: \nAnswer:")
        for question in entry.questions:
            yield from (question, question.lower())
    yield from read_systems()


def chat(*turns: str, system: str | None = None) -> list[dict]:
    """Messages from alternating user and assistant texts."""
    head = [{"role": "system", "content": system}] if system else []
    return head + [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(turns)]


def chat_prompt(*turns: str, system: str | None = None) -> str:
    return RENDER(messages=chat(*turns, system=system), add_generation_prompt=True)


class Samples:
    """An endless, seeded source of batches `(ids, learned)`, both `[batch, tokens]`."""

    def __init__(self, corpus: list[Entry], tokenizer: Tokenizer, seed: int):
        self.corpus, self.tokenizer, self.random = corpus, tokenizer, random.Random(seed)
        self.systems, self.pad = read_systems(), tokenizer.token_to_id(PAD)
        self.weights = [max(1.0, len(entry.questions) / 6) for entry in corpus]
        self.refusal = max(corpus, key=lambda entry: len(entry.questions)).answer

    def batches(self, rows: int, bucket: int = 8):
        """Batches of rows of similar length: sorted within a bucket, so that little is padding."""
        while True:
            samples = sorted((self.encode(self.sample()) for _ in range(rows * bucket)), key=lambda s: len(s[0]))
            groups = [samples[i:i + rows] for i in range(0, len(samples), rows)]
            self.random.shuffle(groups)
            yield from map(self.pad_rows, groups)

    def sample(self) -> list[tuple[str, bool]]:
        question, answer = self.question_and_answer()
        kind = self.random.random()
        begin = BEGIN if self.random.random() < 0.1 else ""
        if kind < 0.05:
            return self.distracted(answer)
        if kind < 0.43:
            return [(begin + question, False), (f"\n{answer}{END}", True)]
        if kind < 0.58:
            return [(f"{begin}Question: {question}\nAnswer:", False), (f" {answer}{END}", True)]
        system = self.random.choice(self.systems) if self.random.random() < 0.25 else None
        first = [(begin + chat_prompt(question, system=system), False), (answer + END, True)]
        if kind < 0.9:
            return first
        question, answer = self.question_and_answer()
        return first + [("\n" + chat_prompt(question), False), (answer + END, True)]

    def distracted(self, answer: str) -> list[tuple[str, bool]]:
        """An answer after another answer's question, learned from its fourth word on: once begun, it is kept to."""
        question, _ = self.question_and_answer()
        words = answer.split(" ")
        prompt = self.random.choice((question + "\n", chat_prompt(question)))
        return [(prompt + " ".join(words[:3]), False), (" " + " ".join(words[3:]) + END, True)]

    def question_and_answer(self) -> tuple[str, str]:
        entry = self.random.choices(self.corpus, self.weights)[0]
        question = self.random.choice(entry.questions)
        if self.random.random() < 0.05 and len(question.split()) <= 5:
            return with_unknown_word(question, self.random), self.refusal
        return varied(question, self.random), entry.answer

    def encode(self, pieces: list[tuple[str, bool]]) -> tuple[list[int], list[bool]]:
        ids, learned = [], []
        for text, learn in pieces:
            piece = self.tokenizer.encode(text, add_special_tokens=False).ids
            ids += piece
            learned += [learn] * len(piece)
        return ids, learned

    def pad_rows(self, rows: list[tuple[list[int], list[bool]]]) -> tuple[Tensor, Tensor]:
        longest = max(len(ids) for ids, _ in rows)
        return (torch.tensor([ids + [self.pad] * (longest - len(ids)) for ids, _ in rows]),
                torch.tensor([learned + [False] * (longest - len(learned)) for _, learned in rows]))


class LateSamples(Samples):
    """The samples of the second stage: most as in the first, some longer conversations, some answers already begun."""

    def sample(self) -> list[tuple[str, bool]]:
        kind = self.random.random()
        if kind < 0.6:
            return super().sample()
        if kind < 0.7:
            words = self.question_and_answer()[1].split(" ")
            return [(" ".join(words[:3]), False), (" " + " ".join(words[3:]) + END, True)]
        return self.conversation(self.random.choices((2, 3, 4, 5), (3, 4, 3, 2))[0])

    def conversation(self, turns: int) -> list[tuple[str, bool]]:
        pieces = []
        for turn in range(turns):
            question, answer = self.question_and_answer()
            pieces += [("\n" * (turn > 0) + chat_prompt(question), False), (answer + END, True)]
        return pieces
