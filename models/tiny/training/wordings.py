"""Chance changes of a question's wording, so that the model learns what is asked and not only how."""

import re
from random import Random

PLAIN = re.compile(r"(?:What (?:is|are)|Explain|Define) ((?:[\w-]+ ?){1,4})[?.]")
FRAMES = ["What is {}?", "What are {}?", "Explain {}.", "Define {}.", "Tell me about {}.", "Please explain {}.",
          "What can you tell me about {}?", "I want to know about {}.", "What does {} mean?", "{}", "{}?"]
LEADS = ["Please tell me: ", "Quick question: ", "Hello! ", "Can you help me? ", "I have a question. "]


def varied(question: str, random: Random) -> str:
    """The question as it stands in half of the cases, else with some of the changes below."""
    if random.random() < 0.5:
        return question
    for change, chance in ((reframed, 0.3), (shortened, 0.15), (misspelt, 0.06), (introduced, 0.1), (unmarked, 0.4)):
        if random.random() < chance:
            question = change(question, random)
    case = random.random()
    return question.lower() if case < 0.3 else question.upper() if case < 0.34 else question


def reframed(question: str, random: Random) -> str:
    plain = PLAIN.fullmatch(question)
    return random.choice(FRAMES).format(plain[1]) if plain else question


def shortened(question: str, random: Random) -> str:
    """Without one of its small words."""
    words = question.split()
    small = [i for i, word in enumerate(words) if word.islower() and len(word) <= 3]
    dropped = random.choice(small) if small else -1
    return " ".join(word for i, word in enumerate(words) if i != dropped)


def misspelt(question: str, random: Random) -> str:
    """With two neighbouring letters swapped."""
    at = random.randrange(max(1, len(question) - 1))
    return question[:at] + question[at:at + 2][::-1] + question[at + 2:]


def introduced(question: str, random: Random) -> str:
    return random.choice(LEADS) + question


def unmarked(question: str, random: Random) -> str:
    return question.rstrip("?.!")


def with_unknown_word(question: str, random: Random) -> str:
    """With its longest word replaced by one that does not exist, so that the answer is that the model cannot tell."""
    syllables = (random.choice("bcdfghklmnprstvwz") + random.choice("aeiou") for _ in range(4))
    word = "".join(syllables)[: random.randint(4, 8)]
    first, *others = re.findall(r"[\w-]+", question)
    return question.replace(max(others or [first], key=len), word)
