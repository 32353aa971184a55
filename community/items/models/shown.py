"""Items and posts as pages read them: plain values, of which a page needs many and changes none."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from community.core import stages
from community.items.models.items import Item, State
from community.sites.models import Site


class Theme(NamedTuple):
    """A theme by its name."""

    name: str
    site: Site


class Title(NamedTuple):
    """An item as a short list names it."""

    id: int
    kind: str
    path: str
    title: str
    minutes: int
    stage_from: int | None
    stage_to: int | None
    theme: Theme | None

    @property
    def key(self) -> str:
        """As `Item.key`."""
        return f"{self.kind}:{self.id}"

    @property
    def stage_label(self) -> str:
        """As `Item.stage_label`."""
        return stages.label(self.stage_from, self.stage_to)


class Author(NamedTuple):
    """What a page shows of the member who wrote something."""

    id: int
    site: Site
    username: str | None
    title: str
    is_expert: bool

    @property
    def key(self) -> str:
        """As `Member.key`."""
        return f"member:{self.id}"

    @property
    def path(self) -> str:
        """As `Member.path`."""
        return f"/{self.site.code}/members/{self.username}"


@dataclass
class ShownItem:
    """An item on a page of its own, with what policies and the lists beside it ask of it."""

    id: int
    kind: str
    site: Site
    state: str
    visibility: str
    path: str
    title: str
    summary: str
    author_id: int | None
    theme_id: int | None
    group_id: int | None
    stage_from: int | None
    stage_to: int | None
    is_quiet: bool
    created_at: datetime
    published_at: datetime | None
    changed_at: datetime
    post_count: int
    last_live_number: int
    byline: str
    author: Author | None

    posts_path: ClassVar[str] = Item.posts_path

    @property
    def key(self) -> str:
        """As `Item.key`."""
        return f"{self.kind}:{self.id}"

    @property
    def is_live(self) -> bool:
        """As `Item.is_live`."""
        return self.state == State.LIVE


class PostLook(NamedTuple):
    """All that is seen of a post, whoever looks: posts of the same look are the same piece of a page."""

    id: int
    number: int
    state: str
    author: Author | None
    byline: str
    answers: str  # the byline of the post that it answers; empty where it answers none, or the opening
    body_html: str
    created_at: datetime
    edited_at: datetime | None
    thank_count: int

    @property
    def anchor(self) -> str:
        """As `Post.anchor`."""
        return f"post-{self.id}"

    @property
    def is_live(self) -> bool:
        """As `Post.is_live`."""
        return self.state == State.LIVE


@dataclass
class ShownPost:
    """A post on a page, with what policies ask of it and how its reader stands to it."""

    look: PostLook
    item: Item | ShownItem
    body: str
    writer_id: int | None  # also under a pseudonym: for rights, never for a page
    deleted_at: datetime | None
    is_folded: bool  # the reader muted or blocked who wrote it
    is_thanked: bool  # by the reader

    def __post_init__(self) -> None:
        look = self.look
        self.id, self.number, self.state, self.is_live = look.id, look.number, look.state, look.is_live
        self.author, self.byline = look.author, look.byline
        self.created_at, self.edited_at, self.thank_count = look.created_at, look.edited_at, look.thank_count

    @property
    def path(self) -> str:
        """As `Post.path`."""
        return f"{self.item.site.path}{self.item.posts_path}/{self.id}"

    @property
    def anchor(self) -> str:
        """As `Post.anchor`."""
        return self.look.anchor
