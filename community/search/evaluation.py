"""Ranked lists for a test collection, by the same index and the same questions as the pages."""

import gzip
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from community.search.documents import Document, Question
from community.search.engine import Index

LONGEST = 1_000  # keys of a list
SEES = "public"
SITE = "collection"


class NoCollection(Exception):
    """A folder that holds no test collection; the text says what is missing."""


def evaluate(collection: Path, language: str, engine: Callable[..., Index], out: Path) -> int:
    """Write `question TAB key key ...`, the best first, for each question of a folder; how many there were."""
    documents = [json.loads(line) for line in _lines(collection / "docs.jsonl.gz")]
    questions = [line.rstrip("\n").split("\t", 1) for line in _lines(collection / "queries.tsv.gz")]
    with tempfile.TemporaryDirectory() as folder:
        index = engine(Path(folder) / "index", is_new=True)
        index.write((), _as_documents(documents, language), 0)
        with out.open("w") as file:
            for number, words in questions:
                keys = index.search(_question(words, language)).keys
                file.write(f"{number}\t{' '.join(str(documents[int(key[5:])]['id']) for key in keys)}\n")
        index.close()
    return len(questions)


def _lines(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise NoCollection(f"{path} is not there.")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from file


def _as_documents(rows: Iterable[dict[str, str]], language: str) -> Iterator[Document]:
    marks = frozenset({f"{SITE}:{SEES}", "kind:article", "stage:none"})
    for number, row in enumerate(rows):
        title, words = row.get("title", ""), row.get("text", "")
        yield Document(f"item:{number}", "article", SITE, language, title, words, "", marks, is_public=True)


def _question(words: str, language: str) -> Question:
    return Question(SITE, language, words, frozenset({SEES}), most=LONGEST)
