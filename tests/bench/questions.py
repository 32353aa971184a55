"""`python -m tests.bench.questions FOLDER`: what answering costs the search index of a site, without its page.

Questions of one to three words that its texts hold, the common ones more often; each is asked once, of the engine that
COMMUNITY_SEARCH names, and told are the milliseconds that one thread computed for the best hundred, the counts of the
filters and the twenty hits of a page."""

import os
import random
import sys
import time
from pathlib import Path

from community.search.documents import Question
from community.search.engine import Index
from community.search.languages import STOP
from community.search.place import place

HOW_MANY, A_PAGE = 500, 20
COMMON, KNOWN = 200, 3_000
SITE = LANGUAGE = "nl"
SEES = frozenset({"public", "members", "me-1", "club-1"})


def main() -> None:
    """Ask, and tell."""
    place.use(Path(sys.argv[1]) / "index", os.environ.get("COMMUNITY_SEARCH", "whoosh"))
    index = place.present()
    assert index is not None, "no index of this engine and format is there: run `flask search rebuild`"
    spent = sorted(cost_of(index, words) for words in questions(index))
    told = ", ".join(f"{name} {spent[int(share * HOW_MANY)]:.1f}" for name, share in (("p50", 0.5), ("p95", 0.95)))
    sys.stdout.write(f"{index.count} documents, {HOW_MANY} questions, milliseconds of CPU: {told}\n")


def questions(index: Index) -> list[str]:
    """The same at each run, for the same index."""
    counts = index.words(LANGUAGE, "")
    known = sorted(set(counts) - STOP[LANGUAGE], key=lambda word: (-counts[word], word))[:KNOWN]
    chance = random.Random(7)
    lengths = [chance.choice((1, 1, 2, 2, 3)) for _question in range(HOW_MANY)]
    return [" ".join(chance.choice(chance.choice((known, known[:COMMON]))) for _word in range(n)) for n in lengths]


def cost_of(index: Index, words: str) -> float:
    """Milliseconds for an answer with its first page."""
    began = time.thread_time()
    found = index.search(Question(SITE, LANGUAGE, words, SEES))
    index.hits(found.keys[:A_PAGE], found.stems, LANGUAGE)
    return 1000 * (time.thread_time() - began)


if __name__ == "__main__":
    main()
