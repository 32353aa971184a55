"""The index on Whoosh: a field set for each language in one folder. Nothing else in the project knows Whoosh."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from whoosh import fields, index, query
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from community.search.documents import COUNTED, Document, Question
from community.search.engine import BOOKMARK, MOST_COUNTED, TITLE_WEIGHT, Index, Matches, kinds_in, row_of
from community.search.languages import LANGUAGES
from community.search.ranking import Candidate
from community.search.wording import Wanted, Way

MEMORY_MB = 64
NO_DAY = -(2**31)  # the beginning of a range that is none
MOST_SCORES = 200_000  # are kept of the stems that were asked for
Numbers = frozenset[int]
Scores = dict[int, float]  # how well documents hold a word, by their numbers


def schema() -> fields.Schema:
    """What is kept of a document, and by what it is found."""
    text = {f"{kind}_{language}": fields.TEXT(phrase=False) for kind in ("words", "title") for language in LANGUAGES}
    said = {f"{kind}_{language}": fields.KEYWORD() for kind in ("said", "called") for language in LANGUAGES}
    days = {
        name: fields.NUMERIC(int, signed=True, sortable=True) for name in ("stage_from", "stage_to", "day", "worth")
    }
    key = fields.ID(unique=True, stored=True, sortable=True)
    return fields.Schema(key=key, marks=fields.KEYWORD(), shown=fields.STORED(), **days, **text, **said)


class WhooshIndex(Index):
    """The engine of most sites: nothing to install, some 10 ms for a question to ten thousand documents."""

    def __init__(self, folder: Path, is_new: bool = False) -> None:
        super().__init__(folder)
        if is_new:
            folder.mkdir(parents=True, mode=0o700)
        self._index = index.create_in(folder, schema()) if is_new else index.open_dir(folder)
        self._searcher: Searcher | None = None
        self._sets: dict[Any, Numbers] = {}
        self._stems: dict[tuple[str, str], Scores] = {}
        self._marks: dict[str, Numbers] | None = None

    @property
    def count(self) -> int:
        """How many documents it holds."""
        with self._lock:
            self._refresh()
            return max(0, self._open.doc_count() - 1)

    def check(self) -> None:
        """Read all of it; an error tells that it is damaged."""
        with self._lock:
            self._refresh()
            reader = self._open.reader()
            for mark in reader.expand_prefix("marks", ""):
                self._with_mark(mark.decode())
            for _fields in reader.all_stored_fields():
                pass

    def write(self, gone: Iterable[str], documents: Iterable[Document], bookmark: int, is_whole: bool = False) -> None:
        """Take out, put in and move the bookmark in one commit."""
        writer = self._index.writer(limitmb=MEMORY_MB)
        try:
            with writer.searcher() as searcher:
                for key in (*gone, BOOKMARK):
                    writer.delete_by_query(query.Or([query.Term("key", key), query.Term("marks", key)]), searcher)
            for document in documents:
                writer.add_document(**_row_of(document))
            writer.add_document(key=BOOKMARK, shown={"number": bookmark})
        except BaseException:
            writer.cancel()
            raise
        writer.commit(optimize=is_whole)

    def close(self) -> None:
        """Let go of its files."""
        with self._lock:
            self._let_go()

    @property
    def _open(self) -> Searcher:
        if self._searcher is None:  # Whoosh's own refresh() brings back segments that were merged away
            self._searcher = self._index.searcher(weighting=BM25F())
        return self._searcher

    def _reopen(self) -> None:
        if self._searcher is not None and not self._searcher.up_to_date():
            self._let_go()

    def _let_go(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
        self._searcher, self._sets, self._stems, self._marks = None, {}, {}, None

    def _shown(self, key: str) -> dict[str, Any] | None:
        found = self._open.document(key=key)
        return found["shown"] if found else None

    def _words(self, language: str, beginning: str) -> dict[str, int]:
        reader, field = self._open.reader(), f"said_{language}"
        return {term.decode(): reader.doc_frequency(field, term) for term in reader.expand_prefix(field, beginning)}

    def _knows(self, language: str, stem: str) -> bool:
        return (f"words_{language}", stem) in self._open.reader()

    def _find(self, asked: Wanted, question: Question, is_loose: bool) -> Matches:
        allowed = self._allowed(question)
        groups = self._groups(asked, question.language) if allowed else []
        of_all_kinds = allowed.intersection(_any_of(groups) if is_loose else _all_of(groups))
        matched = self._of_kinds(of_all_kinds, question.kinds)
        scores = {number: sum(group.get(number, 0.0) for group in groups) for number in matched}
        numbers = heapq.nlargest(question.most, scores, key=scores.__getitem__)
        best = list(self._candidates(numbers, scores)) if numbers else []
        is_counted = not is_loose and len(matched) <= MOST_COUNTED
        counts = self._counts(matched if is_counted else frozenset(numbers), "")
        if is_loose:
            return Matches(best, kinds_in(counts), counts, len(best), is_counted)
        return Matches(best, kinds_in(self._counts(of_all_kinds, "kind:")), counts, len(matched), is_counted)

    def _candidates(self, numbers: Iterable[int], scores: Scores) -> Iterator[Candidate]:
        column = self._open.reader().column_reader
        keys, first, last, day, worth = (column(name) for name in ("key", "stage_from", "stage_to", "day", "worth"))
        for number in numbers:
            stage = (first[number], last[number]) if first[number] != NO_DAY else None
            yield Candidate(keys[number], scores[number], stage, day[number], worth[number])

    def _groups(self, asked: Wanted, language: str) -> list[Scores]:
        """For each group the documents that hold one of its ways, with how well they do."""
        groups = [_sum_of([self._of_way(way, language) for way in group]) for group in asked.groups]
        return [*groups, self._begun(asked.begun, language)] if asked.begun else groups

    def _of_way(self, way: Way, language: str) -> Scores:
        stems = [self._of_stem(stem, language) for stem in way.stems]
        if len(stems) == 1 and way.weight == 1:
            return stems[0]
        return {number: way.weight * sum(stem[number] for stem in stems) for number in _all_of(stems)}

    def _of_stem(self, stem: str, language: str) -> Scores:
        """The documents with a stem, known until the index changes or too many are."""
        known = self._stems.get((stem, language))
        if known is None:
            in_words, in_title = (self._scores(query.Term(f"{field}_{language}", stem)) for field in ("words", "title"))
            for number, score in in_title.items():
                in_words[number] = in_words.get(number, 0.0) + TITLE_WEIGHT * score
            known = in_words
            if sum(map(len, self._stems.values())) > MOST_SCORES:
                self._stems.clear()
            self._stems[stem, language] = known
        return known

    def _begun(self, letters: str, language: str) -> Scores:
        return self._scores(query.Prefix(f"called_{language}", letters))

    def _scores(self, wanted: query.Query) -> Scores:
        scores: Scores = {}
        for leaf, offset in self._open.leaf_searchers():
            matcher = wanted.matcher(leaf, leaf.boolean_context() if isinstance(wanted, query.Prefix) else None)
            while matcher.is_active():
                scores[matcher.id() + offset] = matcher.score()
                matcher.next()
        return scores

    def _allowed(self, question: Question) -> Numbers:
        """What this reader may see, and wants to."""
        seen = [self._with_mark(f"{question.site}:{mark}") for mark in question.sees]
        allowed: Numbers = frozenset().union(*seen)
        for mark in question.avoids:
            allowed -= self._with_mark(mark)
        if question.days is not None:
            allowed &= self._fitting(question.days)
        for marks in question.chosen:
            allowed &= frozenset().union(*map(self._with_mark, marks))
        return allowed & self._set(_between(*question.week)) if question.week else allowed

    def _of_kinds(self, numbers: Numbers, kinds: Iterable[str]) -> Numbers:
        wanted = [self._with_mark(f"kind:{kind}") for kind in kinds]
        return numbers & frozenset().union(*wanted) if wanted else numbers

    def _fitting(self, days: Sequence[tuple[int, int]]) -> Numbers:
        """What has no stage range, or one that holds a day of one of these children."""
        fits = [self._with_mark("stage:none")]
        for corrected, calendar in days:
            for basis, day in (("corrected", corrected), ("calendar", calendar)):
                fits.append(self._set(_between(day, day)) & self._with_mark(f"basis:{basis}"))
        return frozenset().union(*fits)

    def _counts(self, matched: Numbers, beginning: str) -> Counter[str]:
        """How many of these have each of the marks that are counted."""
        marks = self._marks_counted()
        counted = {mark: len(matched & numbers) for mark, numbers in marks.items() if mark.startswith(beginning)}
        return Counter({mark: count for mark, count in counted.items() if count})

    def _marks_counted(self) -> dict[str, Numbers]:
        if self._marks is None:
            expand: Callable[..., Iterator[bytes]] = self._open.reader().expand_prefix
            marks = chain.from_iterable(expand("marks", f"{name}:") for name in sorted(COUNTED))
            self._marks = {mark.decode(): self._with_mark(mark.decode()) for mark in marks}
        return self._marks

    def _with_mark(self, mark: str) -> Numbers:
        return self._set(query.Term("marks", mark))

    def _set(self, wanted: query.Query) -> Numbers:
        """The numbers of the documents that a filter lets through, known until the index changes."""
        if wanted not in self._sets:
            self._sets[wanted] = frozenset(self._open.docs_for_query(wanted))
        return self._sets[wanted]


def _row_of(document: Document) -> dict[str, Any]:
    """A document as Whoosh takes it."""
    row, language = row_of(document), document.language
    first, last = document.stage or (NO_DAY, NO_DAY)
    return {
        "key": document.key,
        "marks": sorted(document.marks),
        "shown": row["shown"],
        "stage_from": first,
        "stage_to": last,
        "day": document.day,
        "worth": document.worth,
        **{f"{field}_{language}": row[field] for field in ("title", "words", "called", "said")},
    }


def _sum_of(ways: Sequence[Scores]) -> Scores:
    if len(ways) == 1:
        return ways[0]
    total: Scores = {}
    for way in ways:
        for number, score in way.items():
            total[number] = total.get(number, 0.0) + score
    return total


def _all_of(groups: Sequence[Scores]) -> set[int]:
    """The documents that all of these hold."""
    by_size = sorted(groups, key=len)
    return set(by_size[0]).intersection(*by_size[1:]) if by_size else set()


def _any_of(groups: Sequence[Scores]) -> set[int]:
    return set().union(*groups)


def _between(first: int, last: int) -> query.Query:
    """The condition that a stage range meets these days."""
    return query.And([query.NumericRange("stage_from", NO_DAY + 1, last), query.NumericRange("stage_to", first, None)])
