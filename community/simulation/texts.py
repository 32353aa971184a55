"""Texts composed of own words: a small pool for each language, each text made into HTML once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from community.core.text import article_html, to_safe_html

WORDS = Path(__file__).parent / "words"
SECTIONS, SENTENCES = 6, 8  # of an article: some 900 words
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Text:
    """What somebody wrote, as typed and as HTML."""

    body: str
    html: str


@dataclass(frozen=True)
class Pool:
    """The texts of one language."""

    openings: list[Text]
    answers: list[Text]
    sections: list[Text]  # of articles: each has a heading of its own
    stories: list[Text]
    lines: list[Text]  # of the chat


@cache
def words(language: str) -> dict[str, list[str]]:
    """The word lists of a language."""
    return tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))


def say(chance: Random, language: str, name: str) -> str:
    """One of the lines of a name, its slots filled, beginning with a capital."""
    lists = words(language)
    told = chance.choice(lists[name])
    while "{" in told:
        told = _SLOT.sub(lambda slot: chance.choice(lists[slot[1]]), told)
    capital = re.sub(r"[.?!] [a-z]", lambda end: end[0].upper(), told)
    return capital[0].upper() + capital[1:]


def pool(chance: Random, language: str, size: int) -> Pool:
    """So many answers, half as many openings, and a tenth as many of what is longer."""
    return Pool(
        [written(chance, language, "opening", chance.randint(2, 5)) for _ in range(size // 2)],
        [written(chance, language, "answer", 1 + min(5, int(chance.expovariate(0.6)))) for _ in range(size)],
        _sections(chance, language, max(3 * SECTIONS, size // 10)),
        [written(chance, language, "telling", chance.randint(6, 10)) for _ in range(max(10, size // 10))],
        [written(chance, language, "chat", chance.choice((1, 1, 2))) for _ in range(size // 2)],
    )


def article(chance: Random, of: Pool) -> Text:
    """An article of several sections."""
    chosen = chance.sample(of.sections, SECTIONS)
    return Text("\n\n".join(part.body for part in chosen), "".join(part.html for part in chosen))


def written(chance: Random, language: str, name: str, sentences: int) -> Text:
    """Sentences of a name, none of them twice, in two paragraphs."""
    told = list(dict.fromkeys(say(chance, language, name) for _ in range(sentences)))
    middle = len(told) // 2
    body = "\n\n".join(" ".join(part) for part in (told[:middle], told[middle:]) if part)
    return Text(body, to_safe_html(body))


def _sections(chance: Random, language: str, count: int) -> list[Text]:
    subjects = words(language)["subject"]
    headings = sorted({f"{say(chance, language, 'aspect')} {chance.choice(subjects)}" for _ in range(count)})
    bodies = ["\n\n".join((f"## {each}", _prose(chance, language), _prose(chance, language))) for each in headings]
    return [Text(body, article_html(body)) for body in bodies]


def _prose(chance: Random, language: str) -> str:
    return " ".join(dict.fromkeys(say(chance, language, "sentence") for _ in range(SENTENCES // 2)))
