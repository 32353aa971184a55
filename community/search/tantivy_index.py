"""The index on tantivy: a field set for each language in one folder. Nothing else in the project knows tantivy."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tantivy import Document as Row
from tantivy import FieldType, Index, IndexWriter, Occur, Query, Schema, SchemaBuilder

from community.search import engine
from community.search.documents import Document, Question
from community.search.engine import BOOKMARK, MOST_COUNTED, TITLE_WEIGHT, Matches, kinds_in, row_of
from community.search.languages import LANGUAGES
from community.search.ranking import Candidate
from community.search.wording import Group, Wanted, Way

MEMORY = 64 * 1024 * 1024
MOST_MARKS = 2_000  # are counted
RARE = 2_000  # texts; a word in fewer is
COMMON = 6  # a word is, in more than this part of all texts
TABLES = "item", "post", "member"
EVERYBODY = "public"  # the mark of most texts
NO_DAY = -(2**31)  # the beginning of a range that is none


def schema() -> Schema:
    """What is kept of a document, and by what it is found."""
    builder = SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("marks", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("counted", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", fast=True)
    for name in ("stage_from", "stage_to", "day", "worth"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for language in LANGUAGES:
        for kind, option in (("words", "freq"), ("title", "freq"), ("said", "basic"), ("called", "basic")):
            builder.add_text_field(f"{kind}_{language}", tokenizer_name="whitespace", index_option=option)
    return builder.build()


class TantivyIndex(engine.Index):
    """The engine of large sites: some milliseconds for a question to hundreds of thousands of documents."""

    purges = False

    def __init__(self, folder: Path, is_new: bool = False) -> None:
        super().__init__(folder)
        if is_new:
            folder.mkdir(parents=True, mode=0o700)
        self._schema = schema()
        self._index = Index(self._schema, path=str(folder)) if is_new else Index.open(str(folder))
        self._index.config_reader("manual")
        self._searcher = self._index.searcher()

    @property
    def count(self) -> int:
        """How many documents it holds."""
        with self._lock:
            self._refresh()
            return max(0, self._searcher.num_docs - 1)

    def check(self) -> None:
        """Ask each of its files; an error tells that it is damaged."""
        with self._lock:
            self._refresh()
            everything = Query.all_query()
            self._counts(everything, "counted")
            for _score, address in self._searcher.search(everything, max(1, self._searcher.num_docs)).hits:
                self._searcher.doc(address)

    def write(self, gone: Iterable[str], documents: Iterable[Document], bookmark: int, is_whole: bool = False) -> None:
        """Take out, put in and move the bookmark in one commit."""
        writer = self._index.writer(MEMORY, 1)
        try:
            for key in (*gone, BOOKMARK):
                writer.delete_documents_by_term("key", key)
                writer.delete_documents_by_term("marks", key)
            for document in documents:
                writer.add_document(_row_of(document))
            writer.add_document(Row(key=BOOKMARK, shown=json.dumps({"number": bookmark})))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            _end(writer)

    def close(self) -> None:
        """Its files go with its last reader."""

    def _reopen(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _shown(self, key: str) -> dict[str, Any] | None:
        found = self._searcher.search(self._term("key", key), 1, count=False).hits
        return json.loads(self._searcher.doc(found[0][1])["shown"][0]) if found else None

    def _words(self, language: str, beginning: str) -> dict[str, int]:
        return dict(self._searcher.terms_with_prefix(f"said_{language}", beginning))

    def _knows(self, language: str, stem: str) -> bool:
        return self._searcher.doc_freq(f"words_{language}", stem) > 0

    def _find(self, asked: Wanted, question: Question, is_loose: bool) -> Matches:
        of_all_kinds = self._allowed(self._query_of(asked, question.language, is_loose), question)
        wanted = [self._term("kind", kind) for kind in question.kinds]
        matched = _all_of([of_all_kinds, _filter(_any_of(wanted))]) if wanted else of_all_kinds
        found: Any = self._searcher.search(matched, question.most)
        best = self._best(found.hits)
        is_counted = not is_loose and found.count <= MOST_COUNTED
        counts = self._counts(matched, "counted") if is_counted else self._counts_of(best)
        if is_loose:
            return Matches(best, kinds_in(counts), counts, len(best), is_counted)
        kinds = kinds_in(counts) if is_counted and not wanted else self._counts(of_all_kinds, "kind")
        return Matches(best, kinds, counts, found.count, is_counted)

    def _counts(self, matched: Query, field: str) -> Counter[str]:
        """How many of these have each value of a field."""
        counting = {"counts": {"terms": {"field": field, "size": MOST_MARKS}}}
        buckets = self._searcher.aggregate(matched, counting)["counts"]["buckets"]
        return Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets})

    def _counts_of(self, best: Sequence[Candidate]) -> Counter[str]:
        """How many of these alone have each mark."""
        return self._counts(_any_of([self._term("key", one.key) for one in best]), "counted")

    def _best(self, found: Sequence[tuple[float, Any]]) -> list[Candidate]:
        addresses = [address for _score, address in found]
        columns = (self._searcher.fast_field_values(name, addresses) for name in _COLUMNS)
        return [
            Candidate(_key_of(number), score, (first, last) if first != NO_DAY else None, day, worth)
            for (score, _address), number, first, last, day, worth in zip(found, *columns, strict=True)
        ]

    def _allowed(self, looked_for: Query, question: Question) -> Query:
        """What this reader may see, and wants to."""
        parts = [(Occur.Must, self._seen(looked_for, question))]
        parts += [(Occur.MustNot, self._term("marks", mark)) for mark in question.avoids]
        if question.days is not None:
            parts.append((Occur.Must, _filter(self._fitting(question.days))))
        for marks in question.chosen:
            parts.append((Occur.Must, _filter(_any_of([self._term("marks", mark) for mark in sorted(marks)]))))
        if question.week:
            parts.append((Occur.Must, _filter(self._between(*question.week))))
        return Query.boolean_query(parts)

    def _seen(self, looked_for: Query, question: Question) -> Query:
        """What this reader may see: what everybody may apart from the rest, as all documents of a union are weighed."""
        audiences = question.sees & {EVERYBODY}, question.sees - {EVERYBODY}
        terms = [[self._term("marks", f"{question.site}:{mark}") for mark in sorted(marks)] for marks in audiences]
        return _any_of([_all_of([looked_for, _filter(_any_of(of_some))]) for of_some in terms if of_some])

    def _fitting(self, days: Sequence[tuple[int, int]]) -> Query:
        """What has no stage range, or one that holds a day of one of these children."""
        fits = [self._term("marks", "stage:none")]
        for corrected, calendar in days:
            for basis, day in (("corrected", corrected), ("calendar", calendar)):
                fits.append(_all_of([self._between(day, day), self._term("marks", f"basis:{basis}")]))
        return _any_of(fits)

    def _between(self, first: int, last: int) -> Query:
        """The condition that a stage range meets these days."""
        begins = Query.range_query(self._schema, "stage_from", FieldType.Integer, NO_DAY + 1, last)
        return _all_of([begins, Query.range_query(self._schema, "stage_to", FieldType.Integer, first, None)])

    def _query_of(self, asked: Wanted, language: str, is_loose: bool) -> Query:
        groups = [_any_of(self._ways_of(group, language)) for group in asked.groups]
        if asked.begun:
            groups.append(Query.regex_query(self._schema, f"called_{language}", f"{asked.begun}.*"))
        return self._some_of(groups, asked, language) if is_loose else _all_of(groups)

    def _some_of(self, groups: Sequence[Query], asked: Wanted, language: str) -> Query:
        """Some of these, of which one is rare: a word that stands everywhere weighs, and finds nothing by itself."""
        most = max(RARE, self._searcher.num_docs // COMMON)
        stems = [group[0].stems[0] for group in asked.groups]
        are_rare = [0 < self._searcher.doc_freq(f"words_{language}", stem) <= most for stem in stems]
        rare = [group for group, is_rare in zip(groups, are_rare, strict=False) if is_rare]
        if not rare:
            return _any_of(groups)
        common = [(Occur.Should, group) for group in groups if not any(group is one for one in rare)]
        return Query.boolean_query([(Occur.Must, _any_of(rare)), *common])

    def _ways_of(self, group: Group, language: str) -> list[Query]:
        return [self._holds(way, language) for way in group]

    def _holds(self, way: Way, language: str) -> Query:
        return _all_of([self._of_stem(stem, way.weight, language) for stem in way.stems])

    def _of_stem(self, stem: str, weight: float, language: str) -> Query:
        words = Query.term_query(self._schema, f"words_{language}", stem, "freq")
        title = Query.term_query(self._schema, f"title_{language}", stem, "freq")
        return _any_of([Query.boost_query(words, weight), Query.boost_query(title, TITLE_WEIGHT * weight)])

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "basic")


_COLUMNS = "number", "stage_from", "stage_to", "day", "worth"


def _row_of(document: Document) -> Row:
    """A document as tantivy takes it."""
    row, language = row_of(document), document.language
    first, last = document.stage or (NO_DAY, NO_DAY)
    texts = {f"{kind}_{language}": " ".join(row[kind]) for kind in ("title", "words", "called", "said")}
    return Row.from_dict(
        {
            "key": document.key,
            "number": _number_of(document.key),
            "marks": sorted(document.marks),
            "kind": document.kind,
            "counted": document.counted,
            "shown": json.dumps(row["shown"], ensure_ascii=False),
            "stage_from": first,
            "stage_to": last,
            "day": document.day,
            "worth": document.worth,
            **texts,
        },
        schema(),
    )


def _end(writer: IndexWriter) -> None:
    """Let go of the lock, once segments that grew many are one."""
    writer.wait_merging_threads()


def _number_of(key: str) -> int:
    table, _, number = key.partition(":")
    return int(number) * len(TABLES) + TABLES.index(table)


def _key_of(number: int) -> str:
    return f"{TABLES[number % len(TABLES)]}:{number // len(TABLES)}"


def _all_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, one) for one in queries])


def _any_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, one) for one in queries])


def _filter(query: Query) -> Query:
    """A condition that adds nothing to how well a text fits."""
    return Query.const_score_query(query, 0.0)
