"""Stores what an import made of one row: a topic, or a post in it. No bell rings, and nothing goes on record."""

from collections.abc import Iterator
from secrets import token_hex

from community.core import clock
from community.core.db import db
from community.core.imports import Known, Memory
from community.core.refused import Refused
from community.core.text import excerpt, slug_of
from community.forums.models import Board, Topic
from community.forums.queries import importing as queries
from community.forums.stackexchange.mapping import Wanted
from community.forums.stackexchange.survey import Key, Survey
from community.items import actions as items
from community.items import queries as item_queries
from community.items.models import Post, State, Tag
from community.sites.models import Site

REMOVED_HERE = "It was removed here, and is not brought back."
CHANGED_HERE = "It was changed here since, and stays as it is."
NOT_TAKEN = "What it stands under was not taken."


def board_for(site: Site, slug: str) -> Board:
    """The board of this name, opened where there is none."""
    board = queries.board_of_slug(site, slug)
    if board is None:
        title, path = slug.replace("-", " ").capitalize(), f"{site.path}forums/{slug}/"
        board = Board(site=site, slug=slug, title=title, path=path, position=queries.last_position(site) + 1)
        db.session.add(board)
        db.session.flush()
    return board


class Shelf:
    """Where the rows of one dump are stored on one board; every call but `judge` is part of a unit of work."""

    def __init__(self, site: Site, board_slug: str, memory: Memory, survey: Survey) -> None:
        self.site, self.board_slug, self.memory, self.survey = site, board_slug, memory, survey
        self.numbers: dict[Key, int] = {}  # in its topic, of each post that is new
        self.accepted: dict[str, str] = {}  # question -> answer
        self.touched: set[int] = set()  # topics that must be counted anew
        self._taken: set[Key] = set()
        self._made: dict[Key, int] = {}  # what became of the rows of this run

    def judge(self, wanted: Wanted) -> str:
        """What is to be done about a row; refused where it cannot stand here."""
        if not self._taken.issuperset(self._above(wanted)):
            raise Refused(NOT_TAKEN)
        self._taken.add((wanted.kind, wanted.key))
        if wanted.kind == "questions":
            self.accepted[wanted.key] = wanted.accepted
        known = self.memory.of(wanted.kind, wanted.key)
        if known is None:
            return "created"
        if known.digest == wanted.digest:
            return "unchanged"
        self._post_of(wanted, known)
        return "updated"

    def lose(self, wanted: Wanted) -> None:
        """It was not taken after all; where it does not stand here from before, nothing can stand under it."""
        if self.memory.of(wanted.kind, wanted.key) is None:
            self._taken.discard((wanted.kind, wanted.key))

    def store(self, wanted: Wanted, outcome: str) -> None:
        """Make it so."""
        known = self.memory.of(wanted.kind, wanted.key)
        if outcome == "unchanged":
            return
        if wanted.kind == "questions":
            thing_id = self._topic(wanted, known).id
        else:
            thing_id = (self._rewrite(wanted, known) if known else self._write(wanted)).id
        self.memory.keep(wanted.kind, wanted.key, wanted.digest, thing_id)
        self._made[wanted.kind, wanted.key] = thing_id

    def count(self) -> None:
        """Let the counters of all that was touched follow."""
        items.recount_all(self.touched)
        self.touched.clear()

    def _above(self, wanted: Wanted) -> Iterator[Key]:
        """The question that a reply belongs to, and the answer that a comment stands under."""
        if wanted.kind != "questions":
            yield "questions", wanted.question
        if wanted.parent not in ("", wanted.question):
            yield "answers", wanted.parent

    def _id_of(self, kind: str, key: str) -> int:
        known = self.memory.of(kind, key)
        return self._made.get((kind, key)) or (known and known.thing_id) or 0

    def _post_of(self, wanted: Wanted, known: Known) -> Post:
        """The post that an earlier run made, if it may be written over."""
        is_question = wanted.kind == "questions"
        found = queries.opening_of(known.thing_id or 0) if is_question else item_queries.post_by_id(known.thing_id or 0)
        if found is None:
            raise Refused(REMOVED_HERE)
        if not found.is_live or queries.was_edited(found):
            raise Refused(CHANGED_HERE)
        return found

    def _topic(self, wanted: Wanted, known: Known | None) -> Topic:
        """The topic of a question, as the question is now."""
        if known is None:
            topic = self._open(wanted)
        else:
            self._rewrite(wanted, known)
            topic = self._topic_of(wanted.key)
        self._name(topic, wanted)
        return topic

    def _topic_of(self, question: str) -> Topic:
        topic = queries.imported_topic(self._id_of("questions", question))
        if topic is None:
            raise Refused(REMOVED_HERE)
        return topic

    def _open(self, wanted: Wanted) -> Topic:
        written_at = wanted.written_at or clock.now()
        topic = Topic(
            site=self.site,
            title=wanted.title,
            slug=f"new-{token_hex(8)}",
            path="",
            state=State.DRAFT,
            created_at=written_at,
            changed_at=written_at,
            published_at=written_at,
            post_count=0,
            last_post_number=1,
            tags=[],
        )
        items.place(topic, board_for(self.site, self.board_slug))
        topic.state = State.LIVE
        db.session.add(topic)
        db.session.flush()
        self._fill(Post(item_id=topic.id, number=1, state=State.LIVE), wanted)
        return topic

    def _name(self, topic: Topic, wanted: Wanted) -> None:
        """What a question says of its topic. A lock that a moderator set stays."""
        topic.title, topic.author_name, topic.summary = wanted.title, wanted.author_name, excerpt(wanted.body_html)
        topic.changed_at = wanted.edited_at or topic.changed_at
        topic.is_locked = topic.is_locked or wanted.is_closed
        topic.accepted_number = self._accepted_number(wanted)
        topic.tags = self._tags(wanted)
        slug = f"{topic.id}-{slug_of(wanted.title)}"
        items.move_item(topic, slug, f"{self.site.path}forums/topics/{slug}")
        for path in (f"/questions/{wanted.key}", f"/q/{wanted.key}"):
            items.remember_address(topic, path)
        self.touched.add(topic.id)

    def _accepted_number(self, wanted: Wanted) -> int | None:
        """The number of the accepted answer, where it stands here already."""
        known = self.memory.of("answers", wanted.accepted)
        post = item_queries.post_by_id(known.thing_id or 0) if known else None
        return post.number if post and self.survey.questions.get(wanted.accepted) == wanted.key else None

    def _tags(self, wanted: Wanted) -> list[Tag]:
        names = {slug_of(name): name for name in wanted.tags}
        there = queries.tags_by_slug(self.site, names)
        return [there.get(slug) or items.tag_named(self.site, name) for slug, name in names.items()]

    def _write(self, wanted: Wanted) -> Post:
        topic = self._topic_of(wanted.question)
        post = Post(item_id=topic.id, number=self._number_of(wanted, topic), state=State.LIVE)
        if wanted.parent:
            post.parent_id = post.root_id = self._parent_id(wanted, topic)
        self._fill(post, wanted)
        if wanted.kind == "answers":
            self._lead_to(topic, wanted, post)
        return post

    def _number_of(self, wanted: Wanted, topic: Topic) -> int:
        """What is new in a conversation gets its numbers together: in the order of days, after what stands there."""
        key = (wanted.kind, wanted.key)
        if key not in self.numbers:
            new = [key for key in self.survey.replies_to(wanted.question) if self.memory.of(*key) is None]
            self.numbers |= {key: topic.last_post_number + place for place, key in enumerate(new, 1)}
            topic.last_post_number += len(new)
        topic.last_post_number = max(topic.last_post_number, self.numbers[key])
        return self.numbers[key]

    def _parent_id(self, wanted: Wanted, topic: Topic) -> int | None:
        """What a comment stands under: the question itself, or an answer to it."""
        if wanted.parent != wanted.question:
            return self._id_of("answers", wanted.parent)
        opening = queries.opening_of(topic.id)
        return opening.id if opening else None

    def _lead_to(self, topic: Topic, wanted: Wanted, post: Post) -> None:
        """An answer's old address leads to its topic, which knows the accepted one."""
        items.remember_address(topic, f"/a/{wanted.key}")
        if self.accepted.get(wanted.question) == wanted.key:
            topic.accepted_number = post.number

    def _rewrite(self, wanted: Wanted, known: Known) -> Post:
        post = self._post_of(wanted, known)
        self._fill(post, wanted)
        return post

    def _fill(self, post: Post, wanted: Wanted) -> None:
        post.author_name, post.body, post.body_html = wanted.author_name, wanted.body, wanted.body_html
        post.created_at = wanted.written_at or post.created_at or clock.now()
        post.edited_at = wanted.edited_at
        db.session.add(post)
        db.session.flush()
        self.touched.add(post.item_id)
