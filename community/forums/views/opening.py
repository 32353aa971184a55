"""How a topic begins, and where its posts stand on a page: plain values."""

from datetime import datetime
from typing import NamedTuple

from community.core import stages
from community.forums.models import ShownTopic
from community.forums.policy import Rights
from community.items.models.shown import Author, PostLook
from community.sites.models import Site


class Opening(NamedTuple):
    """What a page says of a topic beside its posts: of the same values is the same piece of a page."""

    id: int
    site: Site
    path: str
    title: str
    summary: str
    board: tuple[str, str]  # title and path
    stage: tuple[int | None, int | None]  # from, to
    writer: Author | None
    byline: str
    created_at: datetime
    post_count: int

    @property
    def key(self) -> str:
        """As `Item.key`."""
        return f"topic:{self.id}"

    @property
    def stage_label(self) -> str:
        """As `Item.stage_label`."""
        return stages.label(*self.stage)


class Line(NamedTuple):
    """A post in its place, for one reader."""

    look: PostLook
    rights: Rights | None  # none where its words are gone, or not for this reader
    is_folded: bool
    is_thanked: bool
    is_accepted: bool


def opening_of(topic: ShownTopic, is_guarded: bool) -> Opening:
    """The opening of a topic; after "something changed" it names no stage."""
    return Opening(
        topic.id,
        topic.site,
        topic.path,
        topic.title,
        topic.summary,
        topic.board,
        (None, None) if is_guarded else (topic.stage_from, topic.stage_to),
        topic.author,
        topic.byline,
        topic.created_at,
        topic.post_count,
    )
