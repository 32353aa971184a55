"""The index on Whoosh: a field set for each language in one folder. Nothing else in the project knows Whoosh."""

import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, index, query
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from community.search.documents import Document, Found, Hit, Question
from community.search.excerpts import excerpt, marked
from community.search.languages import LANGUAGES, composed, said_in, stems_in

A_PAGE, MOST_HITS, MOST_WORDS, MOST_ANSWERS = 20, 100, 10, 500
TITLE_WEIGHT = 3.0
MEMORY_MB = 64
LONGEST_SHOWN = 4_000  # so much of a text is kept, to show a piece of it
BOOKMARK = "bookmark"
Numbers = frozenset[int]


def schema() -> fields.Schema:
    """What is kept of a document, and by what it is found."""
    text = {f"words_{language}": fields.TEXT(phrase=False) for language in LANGUAGES}
    text |= {f"title_{language}": fields.TEXT(phrase=False, field_boost=TITLE_WEIGHT) for language in LANGUAGES}
    text |= {f"said_{language}": fields.KEYWORD() for language in LANGUAGES}  # as written, by all to read
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        marks=fields.KEYWORD(),
        stage_from=fields.NUMERIC(int, signed=True),
        stage_to=fields.NUMERIC(int, signed=True),
        shown=fields.STORED(),
        **text,
    )


class WhooshIndex:
    """An index in a folder. One process writes at a time; any number of processes read on meanwhile."""

    def __init__(self, folder: Path, is_new: bool = False) -> None:
        self._folder = folder
        if is_new:
            folder.mkdir(parents=True, mode=0o700)
        self._index = index.create_in(folder, schema()) if is_new else index.open_dir(folder)
        self._lock = threading.Lock()  # a searcher is for one thread at a time
        self._searcher: Searcher | None = None
        self._looked_at = 0
        self._sets: dict[Any, Numbers] = {}
        self._answers: dict[Question, Found] = {}

    @property
    def bookmark(self) -> int:
        """The last change that it holds."""
        with self._lock:
            found = self._fresh().document(key=BOOKMARK)
        return int(found["shown"]) if found else 0

    @property
    def count(self) -> int:
        """How many documents it holds."""
        with self._lock:
            return max(0, self._fresh().doc_count() - 1)

    def check(self) -> None:
        """Read all of it; an error tells that it is damaged."""
        with self._lock:
            searcher = self._fresh()
            for mark in searcher.reader().expand_prefix("marks", ""):
                self._with_mark(searcher, mark.decode())
            for _fields in searcher.reader().all_stored_fields():
                pass

    def write(self, gone: Iterable[str], documents: Iterable[Document], bookmark: int, is_whole: bool = False) -> None:
        """Take out what has one of these keys as its own or as a mark, put these in, and move the bookmark: all or
        nothing. With `is_whole` no byte is left of what is gone."""
        writer = self._index.writer(limitmb=MEMORY_MB)
        try:
            with writer.searcher() as searcher:
                for key in (*gone, BOOKMARK):
                    writer.delete_by_query(query.Or([query.Term("key", key), query.Term("marks", key)]), searcher)
            for document in documents:
                writer.add_document(**_row_of(document))
            writer.add_document(key=BOOKMARK, shown=bookmark)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(optimize=is_whole)

    def search(self, question: Question) -> Found:
        """The best hits of a page with their counts. What was asked a moment ago is known still."""
        with self._lock:
            searcher = self._fresh()
            known = self._answers.get(question)
            if known is None:
                known = self._answer(searcher, question)
                if len(self._answers) >= MOST_ANSWERS:
                    self._answers.clear()
                self._answers[question] = known
            return known

    def suggest(self, words: str, language: str) -> str:
        """The same words, each that nobody ever wrote as the nearest one that somebody did; empty without any."""
        with self._lock:
            searcher = self._fresh()
            corrector = searcher.corrector(f"said_{language}")
            said = said_in(words)[:MOST_WORDS]
            better = [_nearest(searcher, corrector, f"said_{language}", word) for word in said]
        return " ".join(better) if better != said else ""

    def close(self) -> None:
        """Let go of its files."""
        with self._lock:
            self._let_go()

    def _fresh(self) -> Searcher:
        """A searcher over what was last committed."""
        changed_at = self._folder.stat().st_mtime_ns
        if self._searcher is not None and changed_at != self._looked_at and not self._searcher.up_to_date():
            self._let_go()
        if self._searcher is None:  # Whoosh's own refresh() brings back segments that were merged away
            self._searcher = self._index.searcher(weighting=BM25F())
        self._looked_at = changed_at
        return self._searcher

    def _let_go(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
        self._searcher, self._sets, self._answers = None, {}, {}

    def _answer(self, searcher: Searcher, question: Question) -> Found:
        stems = list(dict.fromkeys(stems_in(question.words, question.language)))[:MOST_WORDS]
        allowed = self._allowed(searcher, question) if stems else frozenset()
        if not allowed:
            return Found()
        groups = [_of_word(stem, question.language) for stem in stems]
        wanted: query.Query = query.And(groups)
        matched = allowed & frozenset(searcher.docs_for_query(wanted))
        is_loose = not matched and len(stems) > 1
        if is_loose:
            wanted = query.Or(groups)
            matched = allowed & frozenset(searcher.docs_for_query(wanted))
        counts = self._counts(searcher, matched)
        if question.kind:
            matched &= self._with_mark(searcher, f"kind:{question.kind}")
        hits = self._best(searcher, wanted, matched, question.offset) if matched else []
        return Found(tuple(_hit_of(hit, stems, question.language) for hit in hits), counts, len(matched), is_loose)

    def _best(self, searcher: Searcher, wanted: query.Query, among: Numbers, offset: int) -> list[dict[str, Any]]:
        """The rows of a page, the best first."""
        results = searcher.search(wanted, limit=min(MOST_HITS, offset + A_PAGE), filter=set(among))
        return [searcher.stored_fields(number) for _score, number in results.top_n[offset:]]

    def _allowed(self, searcher: Searcher, question: Question) -> Numbers:
        """What this reader may see, and wants to."""
        seen = [self._with_mark(searcher, f"{question.site}:{mark}") for mark in question.sees]
        allowed: Numbers = frozenset().union(*seen)
        for mark in question.avoids:
            allowed -= self._with_mark(searcher, mark)
        if question.days is not None:
            allowed &= self._fitting(searcher, question.days)
        if question.week is not None:
            allowed &= self._set(searcher, _between(*question.week))
        return allowed

    def _fitting(self, searcher: Searcher, days: Sequence[tuple[int, int]]) -> Numbers:
        """What has no stage range, or one that holds a day of one of these children."""
        fits = [self._with_mark(searcher, "stage:none")]
        for corrected, calendar in days:
            for basis, day in (("corrected", corrected), ("calendar", calendar)):
                held = self._set(searcher, _between(day, day))
                fits.append(held & self._with_mark(searcher, f"basis:{basis}"))
        return frozenset().union(*fits)

    def _counts(self, searcher: Searcher, matched: Numbers) -> tuple[tuple[str, int], ...]:
        kinds = [term.decode() for term in searcher.reader().expand_prefix("marks", "kind:")]
        counted = [(kind.removeprefix("kind:"), len(matched & self._with_mark(searcher, kind))) for kind in kinds]
        return tuple((kind, count) for kind, count in counted if count)

    def _with_mark(self, searcher: Searcher, mark: str) -> Numbers:
        return self._set(searcher, query.Term("marks", mark))

    def _set(self, searcher: Searcher, wanted: query.Query) -> Numbers:
        """The numbers of the documents that a filter lets through, known until the index changes."""
        if wanted not in self._sets:
            self._sets[wanted] = frozenset(searcher.docs_for_query(wanted))
        return self._sets[wanted]


def _row_of(document: Document) -> dict[str, Any]:
    """A document as Whoosh takes it."""
    language, words = document.language, composed(document.words)
    title = composed(document.title)
    row: dict[str, Any] = {
        "key": document.key,
        "marks": sorted(document.marks),
        f"words_{language}": stems_in(words, language),
        "shown": {
            **{name: getattr(document, name) for name in ("kind", "path", "item_id", "stage", "at")},
            "title": title,
            "words": words[:LONGEST_SHOWN],
        },
    }
    if document.has_own_title:
        row[f"title_{language}"] = stems_in(title, language)
    if document.is_public:
        row[f"said_{language}"] = sorted({word for word in said_in(f"{title} {words}") if not word.isdecimal()})
    if document.stage is not None:
        row["stage_from"], row["stage_to"] = document.stage
    return row


def _hit_of(row: dict[str, Any], stems: Collection[str], language: str) -> Hit:
    shown = dict(row["shown"])
    title, words = shown.pop("title"), shown.pop("words")
    return Hit(row["key"], title=marked(title, stems, language), excerpt=excerpt(words, stems, language), **shown)


def _of_word(stem: str, language: str) -> query.Query:
    return query.Or([query.Term(f"title_{language}", stem), query.Term(f"words_{language}", stem)])


def _between(first: int, last: int) -> query.Query:
    """The condition that a stage range meets these days."""
    return query.And([query.NumericRange("stage_from", None, last), query.NumericRange("stage_to", first, None)])


def _nearest(searcher: Searcher, corrector: Any, field: str, word: str) -> str:
    if len(word) < 4 or (field, word) in searcher.reader():
        return word
    found = corrector.suggest(word, limit=1, maxdist=1 if len(word) < 6 else 2, prefix=1)
    return found[0] if found else word
