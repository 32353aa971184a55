"""Brings a WordPress export in: read twice, stored a hundred rows at a time, and safe to do again.

The first reading counts, and gives every article its address, so that links between them can follow; the second
one stores. A row that fails is named, and the others go on. A dry run does all of it, and undoes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import structlog

from community.articles.actions.imported import Outcome, Shelf, Wanted, comment_key
from community.articles.queries import importing as queries
from community.articles.wordpress import mapping
from community.articles.wordpress.addresses import is_picture
from community.articles.wordpress.body import Body
from community.articles.wordpress.mapping import ARTICLES, Remark
from community.articles.wordpress.survey import Heading, survey
from community.articles.wordpress.wxr import Entry, Export
from community.core.db import db, unit_of_work
from community.core.generation import changed
from community.core.imports import Memory, Report
from community.core.refused import Refused
from community.core.text import MEMBERS_REL, imported_html
from community.media.imported import Fetch, load_picture, picture_key
from community.sites.models import Site

BATCH = 100
MOST_NAMED = 10  # pictures that one problem spells out
log = structlog.get_logger()


@dataclass
class Task:
    """One row to store, with the line of each row that is lost if it fails."""

    kind: str
    line: int
    what: str
    store: Callable[[], list[Outcome]]
    remarks: tuple[Remark, ...] = ()


class _Undone(Exception):
    """The end of a dry run's unit of work."""


@dataclass
class WordPressImport:
    """One file on its way into one site. `fetch` loads pictures; without it they are only named."""

    path: Path
    site: Site
    fetch: Fetch | None = None
    is_dry: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None

    def run(self) -> Report:
        """Read, store, and tell; `Unreadable` where the file holds nothing that can be read."""
        self.export = Export(self.path)
        self.survey = survey(self.export)
        self.report = Report(self.survey.found)
        self.memory = Memory(self.site.code, self.export.source)
        self.blog = self.survey.blog(self.export, self.site.zone)
        self.shelf = Shelf(self.site, self.memory)
        self.loaded: dict[str, str] = {}  # address -> why it was not loaded; empty where it was
        self._give_addresses()
        self._take_pictures()
        self._store(self._declared())
        self._store(self._entries())
        self._name_faults()
        self.report.problems.sort(key=lambda problem: int(problem.where.removeprefix("line ")))
        return self.report

    def _give_addresses(self) -> None:
        """Every article's slug: the one it has, else the one it wants, with a number where that is taken."""
        places = queries.places(self.site)
        taken = {slug for slug, _path in places.values()}
        self.slugs: dict[int, str] = {}
        for place, heading in self.survey.headings.items():
            known = self.memory.of(heading.kind, heading.key)
            slug, path = places.get((known and known.thing_id) or 0, ("", ""))
            if not slug:
                slug = _free(heading.slug, taken)
                path = f"{self.site.path}articles/{slug}"
            taken.add(slug)
            self.slugs[place] = slug
            if heading.is_public:
                for old in heading.places:
                    self.blog.paths.setdefault(old, path)

    def _take_pictures(self) -> None:
        """Show those that earlier runs loaded; load the others where that was asked for."""
        for key, picture in queries.held_pictures(self.site, self.export.source).items():
            self._show(key, picture.id, picture.path(1280))
        if self.fetch is None or self.is_dry:
            return
        wanted = self.survey.pictures(self.blog)
        for done, (address, alt) in enumerate(wanted.items()):
            key = picture_key(address)
            if self.memory.of("picture", key) is None:
                loaded, self.loaded[address] = load_picture(address, alt, self.fetch, self.memory)
                if loaded is not None:
                    self._show(key, loaded.id, loaded.path(1280))
            self.progress(done + 1, len(wanted))

    def _show(self, key: str, picture_id: int, path: str) -> None:
        self.blog.pictures[key] = path
        self.shelf.pictures[path] = picture_id

    def _declared(self) -> Iterator[Task]:
        """Authors and terms; the same one declared twice is stored once."""
        seen: set[tuple[str, str]] = set()
        for author in self.survey.authors:
            if _again(seen, "authors", author.login):
                self.report.count("authors", "unchanged")
            else:
                yield Task("authors", author.line, f"author {author.name}", partial(self.shelf.author, author))
        for term in self.survey.terms:
            if _again(seen, term.kind, term.slug or term.name):
                self.report.count(term.kind, "unchanged")
            else:
                yield Task(term.kind, term.line, f"{term.kind}: {term.name}", partial(self.shelf.term, term))

    def _entries(self) -> Iterator[Task]:
        """Posts and pages with their comments; every other entry is counted and named here."""
        for place, row in enumerate(self.export.rows()):
            if not isinstance(row, Entry):
                continue
            self._name_comments(row)
            if row.type == "attachment":
                self._attachment(row)
            elif row.type not in ARTICLES:
                self._skip(row, f"Entries of the type {row.type} have no place here.")
            else:
                yield from self._article(row, self.survey.headings[place], self.slugs[place])
            self.progress(place + 1, self.survey.size)

    def _article(self, entry: Entry, heading: Heading, slug: str) -> Iterator[Task]:
        why = mapping.why_not(entry) or ("" if heading.key else "The same entry stands in the file before.")
        if why:
            self._skip(entry, why)
            return
        try:
            wanted, body = self._wanted(entry, heading, slug)
        except Exception as error:
            log.warning("entry not read", line=entry.line, error=type(error).__name__)
            self._skip(entry, f"Its text cannot be read ({type(error).__name__}).")
            return
        self._name_left_out(entry, body)
        remarks = tuple(remark for remark, _html in wanted.remarks)
        yield Task(entry.type, entry.line, mapping.what_is(entry), partial(self.shelf.article, wanted), remarks)

    def _wanted(self, entry: Entry, heading: Heading, slug: str) -> tuple[Wanted, Body]:
        """An entry as it should stand here; what stands here already is not sanitised again."""
        piece, body = mapping.piece_of(entry, self.blog)
        known = self.memory.of(entry.type, heading.key)
        is_same = known is not None and known.digest == piece.digest
        body_html = None if is_same else imported_html(piece.markup)
        wanted = Wanted(entry.type, heading.key, entry.line, slug, piece, body_html)
        for remark in mapping.remarks_of(entry, self.site.zone):
            stands = self.memory.of("comments", comment_key(entry.type, heading.key, remark))
            is_same = stands is not None and stands.digest == remark.digest
            wanted.remarks.append((remark, None if is_same else imported_html(remark.markup, MEMBERS_REL)))
        return wanted, body

    def _attachment(self, entry: Entry) -> None:
        """A file of the blog: a picture that was loaded, else named."""
        address, key = entry.attachment_url, picture_key(entry.attachment_url)
        if self.memory.of("picture", key):
            self.report.count(entry.type, "unchanged")
        elif key in self.blog.pictures:
            self.report.count(entry.type, "created")
        elif not is_picture(address):
            self._skip(entry, f"It is no picture: {address or 'it has no address'}")
        else:
            self._skip(entry, self.loaded.get(address) or f"Pictures are named, not loaded: {address}")

    def _store(self, tasks: Iterator[Task]) -> None:
        """Batch by batch: what takes time is done before each commit, so that readers and writers hardly wait."""
        while batch := list(islice(tasks, BATCH)):
            with self._commit():
                self.shelf.look()
                outcomes = [outcome for task in batch for outcome in self._stored(task)]
                if any(outcome.name in ("created", "updated") for outcome in outcomes):
                    changed(self.site.code)
            for outcome in outcomes:
                self.report.count(outcome.kind, outcome.name)

    @contextmanager
    def _commit(self) -> Iterator[None]:
        try:
            with unit_of_work():
                yield
                if self.is_dry:
                    raise _Undone
        except _Undone:
            db.session.rollback()

    def _stored(self, task: Task) -> list[Outcome]:
        """What became of one row and of those below it; a row that fails is undone alone."""
        try:
            with db.session.begin_nested():
                outcomes = task.store()
        except Refused as refused:
            return self._failed(task, refused.why)
        except Exception as error:
            log.warning("row not stored", line=task.line, error=type(error).__name__)
            self.shelf.look()
            return self._failed(task, f"It could not be stored ({type(error).__name__}).")
        for outcome in outcomes:
            if outcome.why:
                what = task.what if outcome.kind == task.kind else f"comment on {task.what}"
                self.report.name(outcome.line, what, outcome.why)
        return outcomes

    def _failed(self, task: Task, why: str) -> list[Outcome]:
        self.report.name(task.line, task.what, why)
        for remark in task.remarks:
            self.report.name(remark.line, f"comment on {task.what}", "What it stands under was not taken.")
        return [Outcome(task.kind, "skipped"), *(Outcome("comments", "skipped") for _ in task.remarks)]

    def _skip(self, entry: Entry, why: str) -> None:
        """An entry that is not taken, and with it what stands under it."""
        what = mapping.what_is(entry)
        self.report.count(entry.type, "skipped")
        self.report.name(entry.line, what, why)
        for comment in entry.comments:
            if not mapping.why_not_comment(comment):
                self.report.count("comments", "skipped")
                self.report.name(comment.line, f"comment on {what}", "What it stands under was not taken.")

    def _name_comments(self, entry: Entry) -> None:
        """Comments that are not taken, whatever they stand under."""
        for comment in entry.comments:
            if why := mapping.why_not_comment(comment):
                self.report.count("comments", "skipped")
                self.report.name(comment.line, f"comment on {mapping.what_is(entry)}", why)

    def _name_left_out(self, entry: Entry, body: Body) -> None:
        """What an article lost on its way here, in one problem."""
        said = [mapping.why_hidden(entry)]
        if body.pictures:
            named = ", ".join(body.pictures[:MOST_NAMED]) + (" …" if len(body.pictures) > MOST_NAMED else "")
            said.append(f"Pictures are named, not shown ({len(body.pictures)}): {named}.")
        if body.left_out:
            said.append(f"Left out: {', '.join(body.left_out)}.")
        if why := " ".join(filter(None, said)):
            self.report.name(entry.line, mapping.what_is(entry), why)

    def _name_faults(self) -> None:
        for fault in self.export.faults:
            self.report.is_broken = True
            why = f"The file is broken here, and something may be lost: {fault.why}."
            self.report.name(fault.line, self.survey.what_stands_at(fault.line), why)


def _free(wanted: str, taken: set[str]) -> str:
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _again(seen: set[tuple[str, str]], kind: str, key: str) -> bool:
    is_again = (kind, key) in seen
    seen.add((kind, key))
    return is_again
