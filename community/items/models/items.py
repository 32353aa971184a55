"""Items, the collections that they stand in, their tags, and the addresses that they had before."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from community.core import stages
from community.core.db import Model
from community.groups.models import Group
from community.media.models import Picture
from community.members.models import Member
from community.sites.models import Site, SiteColumn

if TYPE_CHECKING:
    from community.items.models.posts import Post


class State(StrEnum):
    """Where an item or a post stands. Only LIVE is public."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    HELD = "held"  # waits for a moderator; its author sees it
    HIDDEN = "hidden"  # a moderator took it away
    WITHDRAWN = "withdrawn"  # its editor took it away
    DELETED = "deleted"  # its author took it away


class Visibility(StrEnum):
    """Who may see a live item."""

    PUBLIC = "public"
    MEMBERS = "members"
    CLUB = "club"  # the members of the item's group
    ME = "me"


class Basis(StrEnum):
    """Which age a stage range means for a child born early, until two years (`features.md` 4.2)."""

    CORRECTED = "corrected"  # development: counted from the due date
    CALENDAR = "calendar"  # vaccinations, fever, law: counted from birth


item_tags = Table(
    "item_tags",
    Model.metadata,
    Column("item_id", ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_item_tags_newest", "tag_id", "item_id"),  # of a subject, the newest first
)


class Tag(Model):
    """A subject of a site. A theme is a tag that editors keep, with a page of its own."""

    __tablename__ = "tags"
    __table_args__ = (
        UniqueConstraint("site", "slug"),
        Index("ix_tags_themes", "site", "is_theme", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(300), default="")
    is_theme: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    translation_key: Mapped[str | None] = mapped_column(String(80), index=True)  # the same theme on other sites

    @property
    def path(self) -> str:
        """The page of a theme."""
        return f"/{self.site.code}/themes/{self.slug}"

    @property
    def key(self) -> str:
        """How other things name this tag."""
        return f"tag:{self.id}"


class Collection(Model):
    """A place where items of one kind stand together: a board. What it says of its items holds for all of them."""

    __tablename__ = "collections"
    __table_args__ = (UniqueConstraint("site", "kind", "slug"),)
    __mapper_args__ = {"polymorphic_on": "kind"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    site: Mapped[Site] = mapped_column(SiteColumn)
    slug: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400), default="")
    position: Mapped[int] = mapped_column(default=0)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), unique=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id", ondelete="SET NULL"), index=True)
    stage_from: Mapped[int | None]
    stage_to: Mapped[int | None]
    is_quiet: Mapped[bool] = mapped_column(default=False)  # as `Item.is_quiet`
    translation_key: Mapped[str | None] = mapped_column(String(80), index=True)  # the same place on other sites
    item_count: Mapped[int] = mapped_column(default=0)  # live items
    post_count: Mapped[int] = mapped_column(default=0)  # live posts under them

    group: Mapped[Group | None] = relationship(lazy="raise_on_sql")
    theme: Mapped[Tag | None] = relationship(lazy="raise_on_sql")

    @property
    def key(self) -> str:
        """How other things name this place: `board:3`."""
        return f"{self.kind}:{self.id}"

    @property
    def visibility(self) -> Visibility:
        """Who may see what stands here."""
        return Visibility.CLUB if self.group_id else Visibility.PUBLIC


class Authored:
    """What an item and a post have in common: a state, and an author who may be a member or only a name."""

    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT)
    author_name: Mapped[str] = mapped_column(String(80), default="")  # of authors who are no members here

    @declared_attr
    def author(cls) -> Mapped[Member | None]:
        """The member who wrote it, by `author_id`."""
        return relationship(lazy="raise_on_sql")

    @property
    def is_live(self) -> bool:
        """Whether others may know of it."""
        return self.state == State.LIVE

    @property
    def byline(self) -> str:
        """The author's name; empty where the author is gone."""
        return self.author.name if self.author and not self.author.is_erased else self.author_name


# All that decides whether an article fits a day and may be seen: the index alone answers, however many fit.
FITTING = "stage_from", "stage_to", "stage_basis", "visibility", "is_quiet", "group_id", "author_id"


class Item(Authored, Model):
    """One published thing of any kind. Each kind adds a table of its own, joined to this one."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("site", "kind", "slug"),
        Index("ix_items_latest", "site", "state", "kind", "published_at", "id", "visibility"),
        Index("ix_items_newest", "site", "state", "published_at", "id"),
        Index("ix_items_by_theme", "theme_id", "state", "published_at", "id", "kind", "visibility"),
        Index("ix_items_by_stage", "site", "state", "kind", *FITTING),
        Index("ix_items_by_author", "author_id", "state", "published_at"),
        Index(
            "ix_items_collected", "collection_id", "state", "is_pinned", "active_at", "id", "author_id", "post_count"
        ),
        Index("ix_items_active", "site", "kind", "state", "active_at", "id"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    site: Mapped[Site] = mapped_column(SiteColumn)
    visibility: Mapped[str] = mapped_column(String(10), default=Visibility.PUBLIC)
    title: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(400), default="")
    slug: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(200))  # stored: no address is built in a loop
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id", ondelete="SET NULL"))
    collection_id: Mapped[int | None] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id", ondelete="SET NULL"), index=True)
    stage_from: Mapped[int | None]
    stage_to: Mapped[int | None]
    stage_basis: Mapped[str] = mapped_column(String(10), default=Basis.CORRECTED)
    is_quiet: Mapped[bool] = mapped_column(default=False)  # found by looking for it, never offered: loss, say
    minutes: Mapped[int] = mapped_column(default=0)
    translation_key: Mapped[str | None] = mapped_column(String(80), index=True)  # the same item on other sites
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    post_count: Mapped[int] = mapped_column(default=0)  # live posts
    last_post_number: Mapped[int] = mapped_column(default=0)  # ever given
    last_live_number: Mapped[int] = mapped_column(default=0)  # of the newest post that is live
    active_at: Mapped[datetime | None]  # when it was published, or the newest live post written
    is_pinned: Mapped[bool] = mapped_column(default=False)  # stands first in its collection

    opens_with_post = False  # whether post 1 is the item's own text, and their states go together
    posts_path = "posts"  # where, under the site, the lasting addresses of its posts are

    collection: Mapped[Collection | None] = relationship(lazy="raise_on_sql")
    last_post: Mapped["Post | None"] = relationship(
        primaryjoin="and_(foreign(Post.item_id) == Item.id, Post.number == Item.last_live_number)",
        viewonly=True,
        uselist=False,
        lazy="raise_on_sql",
    )
    theme: Mapped[Tag | None] = relationship(lazy="raise_on_sql")
    picture: Mapped[Picture | None] = relationship(lazy="raise_on_sql")
    tags: Mapped[list[Tag]] = relationship(secondary=item_tags, lazy="raise_on_sql", order_by=Tag.name)

    @property
    def key(self) -> str:
        """How other things name this item: `article:12`."""
        return f"{self.kind}:{self.id}"

    @property
    def theme_label(self) -> str:
        """The theme's name."""
        return self.theme.name if self.theme else ""

    @property
    def place_label(self) -> str:
        """The collection's title, else the theme's name."""
        return self.collection.title if self.collection else self.theme_label

    @property
    def stage_label(self) -> str:
        """The stage range in the reader's words."""
        return stages.label(self.stage_from, self.stage_to)


if TYPE_CHECKING:
    AnItem = Item
else:
    AnItem = object  # an item besides, as in `class Review(Written, Item)`


class Written(AnItem):
    """What members write as items of their own, a review or a story: moderators decide about it as about a post."""

    body: Mapped[str] = mapped_column(Text, default="")  # as typed
    body_html: Mapped[str] = mapped_column(Text, default="")
    held_because: Mapped[str] = mapped_column(String(60), default="")
    edited_at: Mapped[datetime | None]

    @property
    def words(self) -> str:
        """All that its author wrote, for whoever looks whether it may stand."""
        return f"{self.title}\n{self.body}"

    def erase_words(self) -> None:
        """Nothing that its author wrote stays."""
        self.title = self.summary = self.body = self.body_html = ""


class OldAddress(Model):
    """An address that an item had: an earlier slug, or the exact path (or `?p=ID`) on the site it came from."""

    __tablename__ = "old_addresses"
    __table_args__ = (UniqueConstraint("site", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[Site] = mapped_column(SiteColumn)
    path: Mapped[str] = mapped_column(String(400))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)

    item: Mapped[Item] = relationship(lazy="raise_on_sql")
