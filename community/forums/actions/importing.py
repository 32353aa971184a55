"""Brings a dump of Stack Exchange in: read twice, stored some hundred rows at a time, and safe to do again.

The first reading counts, and learns who wrote and in which order; then come the questions, the answers, and what
stands under both. A row that fails is named, and the others go on. A dry run judges alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import structlog

from community.core.db import db, unit_of_work
from community.core.generation import changed
from community.core.imports import Memory, Report, digest_of
from community.core.refused import Refused
from community.forums.actions.imported import NOT_TAKEN, Shelf
from community.forums.stackexchange import mapping
from community.forums.stackexchange.dump import COMMENTS, POSTS, USERS, Dump, Row
from community.forums.stackexchange.mapping import KINDS, Wanted
from community.forums.stackexchange.survey import survey
from community.sites.models import Site

BATCH = 200
OTHERS = {"4": "the summary of a tag", "5": "the wiki of a tag", "7": "a notice of the old site"}
log = structlog.get_logger()


@dataclass
class StackExchangeImport:
    """One folder on its way to one board."""

    folder: Path
    site: Site
    board_slug: str
    is_dry: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None
    report: Report = field(default_factory=Report)

    def run(self) -> Report:
        """Read, store, and tell; `Unreadable` where there is no dump."""
        self.dump = Dump(self.folder)
        self.survey = survey(self.dump)
        self.report = Report(self.survey.found)
        self.memory = Memory(self.site.code, self.survey.source)
        self.shelf = Shelf(self.site, self.board_slug, self.memory, self.survey)
        self.seen: set[tuple[str, str]] = set()
        self.done = 0
        self._take_users()
        for wanted in (self._questions(), self._answers(), self._comments()):
            for batch in _batches(wanted):
                self._take(batch)
        self._name_faults()
        return self.report

    def _take_users(self) -> None:
        """Nobody becomes a member: a name is kept with what was written, and here only that it was seen."""
        for batch in _batches(self.dump.rows(USERS)):
            news = [row for row in batch if self._judge_user(row) in ("created", "updated")]
            if news and not self.is_dry:
                with unit_of_work():
                    for row in news:
                        self.memory.keep("users", row["Id"], digest_of(row["DisplayName"]))

    def _judge_user(self, row: Row) -> str:
        what = mapping.what_is("users", row["Id"])
        if not row["Id"] or self._is_again("users", row["Id"]):
            return self._skip(row, "users", what, "It has no number, or stands in the file before.")
        known = self.memory.of("users", row["Id"])
        is_same = known is not None and known.digest == digest_of(row["DisplayName"])
        return self._count("users", "unchanged" if is_same else "updated" if known else "created")

    def _questions(self) -> Iterator[Wanted]:
        """Questions; what is neither question nor answer is counted and named here."""
        for row in self.dump.rows(POSTS):
            kind = KINDS.get(row["PostTypeId"])
            if kind is None:
                said = OTHERS.get(row["PostTypeId"], "neither a question nor an answer")
                self._skip(row, "others", f"post {row['Id']}", f"It is {said}: it has no place here.")
            elif kind == "questions":
                yield from self._wanted(row, kind, lambda row: mapping.question(row, self.survey.names))

    def _answers(self) -> Iterator[Wanted]:
        for row in self.dump.rows(POSTS):
            if KINDS.get(row["PostTypeId"]) == "answers":
                yield from self._wanted(row, "answers", lambda row: mapping.answer(row, self.survey.names))

    def _comments(self) -> Iterator[Wanted]:
        for row in self.dump.rows(COMMENTS):
            yield from self._wanted(row, "comments", self._comment)

    def _comment(self, row: Row) -> Wanted:
        question = self.survey.questions.get(row["PostId"])
        if question is None:
            raise Refused(NOT_TAKEN)
        return mapping.comment(row, self.survey.names, question)

    def _wanted(self, row: Row, kind: str, read: Callable[[Row], Wanted]) -> Iterator[Wanted]:
        """A row as it should stand here; one that cannot is named."""
        try:
            if self._is_again(kind, row["Id"]):
                raise Refused("The same row stands in the file before.")
            yield read(row)
        except Refused as refused:
            self._skip(row, kind, mapping.what_is(kind, row["Id"]), refused.why)

    def _take(self, batch: list[Wanted]) -> None:
        """What takes time is done before the commit, so that readers and writers hardly wait."""
        judged = [(wanted, outcome) for wanted in batch if (outcome := self._judge(wanted))]
        if not self.is_dry:
            with unit_of_work():
                judged = [(wanted, outcome) for wanted, outcome in judged if self._is_stored(wanted, outcome)]
                if self.shelf.touched:
                    self.shelf.count()
                    changed(self.site.code)
        for wanted, outcome in judged:
            self._count(wanted.kind, outcome)

    def _judge(self, wanted: Wanted) -> str:
        """What is to be done about a row, its text made ready; empty where it is lost."""
        try:
            outcome = self.shelf.judge(wanted)
            if outcome != "unchanged" and not wanted.body_html:
                raise Refused("Nothing of its text can be shown.")
        except Refused as refused:
            return self._lose(wanted, refused.why)
        except Exception as error:
            log.warning("row not read", line=wanted.line, error=type(error).__name__)
            return self._lose(wanted, f"Its text cannot be read ({type(error).__name__}).")
        return outcome

    def _is_stored(self, wanted: Wanted, outcome: str) -> bool:
        """Store one row; one that fails is undone alone."""
        try:
            with db.session.begin_nested():
                self.shelf.store(wanted, outcome)
        except Refused as refused:
            self._lose(wanted, refused.why)
        except Exception as error:
            log.warning("row not stored", line=wanted.line, error=type(error).__name__)
            self._lose(wanted, f"It could not be stored ({type(error).__name__}).")
        else:
            return True
        return False

    def _lose(self, wanted: Wanted, why: str) -> str:
        self.shelf.lose(wanted)
        return self._skip(Row(wanted.file, wanted.line, {}), wanted.kind, wanted.what, why)

    def _skip(self, row: Row, kind: str, what: str, why: str) -> str:
        self._count(kind, "skipped")
        self.report.name(row.line, what, why, row.file)
        return ""

    def _count(self, kind: str, outcome: str) -> str:
        self.report.count(kind, outcome)
        self.done += 1
        self.progress(self.done, self.survey.found.total())
        return outcome

    def _is_again(self, kind: str, key: str) -> bool:
        is_again = (kind, key) in self.seen
        self.seen.add((kind, key))
        return is_again

    def _name_faults(self) -> None:
        for file, faults in self.dump.faults.items():
            for fault in faults:
                self.report.is_broken = True
                why = f"The file is broken here, and something may be lost: {fault.why}."
                self.report.name(fault.line, "the file", why, file)


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
