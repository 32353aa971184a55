"""An item as a card and as a line of a list: plain values, of which a page needs many and changes none."""

from datetime import datetime
from typing import NamedTuple

from community.core import stages
from community.items.models.items import Item
from community.sites.models import Site


class CardTheme(NamedTuple):
    """The theme of a card."""

    id: int
    site: Site
    slug: str
    name: str
    position: int

    @property
    def path(self) -> str:
        """As `Tag.path`."""
        return f"/{self.site.code}/themes/{self.slug}"


class CardPicture(NamedTuple):
    """The picture of a card."""

    name: str
    suffix: str
    width: int
    height: int
    widths: tuple[int, ...]

    def path(self, width: int) -> str:
        """As `Picture.path`."""
        fitting = next((w for w in self.widths if w >= width), self.widths[-1])
        return f"/media/{self.name}-{fitting}.{self.suffix}"

    @property
    def srcset(self) -> str:
        """As `Picture.srcset`."""
        if self.suffix == "svg":
            return ""
        return ", ".join(f"/media/{self.name}-{width}.{self.suffix} {width}w" for width in self.widths)


class Card(NamedTuple):
    """All that a card shows of an item: of the same values is the same piece of a page."""

    id: int
    kind: str
    path: str
    title: str
    summary: str
    minutes: int
    stage_from: int | None
    stage_to: int | None
    published_at: datetime | None
    post_count: int
    opens_with_post: bool
    byline: str
    collection_title: str
    theme: CardTheme | None
    picture: CardPicture | None

    @property
    def key(self) -> str:
        """As `Item.key`."""
        return f"{self.kind}:{self.id}"

    @property
    def theme_label(self) -> str:
        """As `Item.theme_label`."""
        return self.theme.name if self.theme else ""

    @property
    def place_label(self) -> str:
        """As `Item.place_label`."""
        return self.collection_title or self.theme_label

    @property
    def stage_label(self) -> str:
        """As `Item.stage_label`."""
        return stages.label(self.stage_from, self.stage_to)


def card_of(item: Item | Card) -> Card:
    """An item as a card, where all that a card shows was loaded."""
    if isinstance(item, Card):
        return item
    theme, picture = item.theme, item.picture
    return Card(
        item.id,
        item.kind,
        item.path,
        item.title,
        item.summary,
        item.minutes,
        item.stage_from,
        item.stage_to,
        item.published_at,
        item.post_count,
        item.opens_with_post,
        item.byline,
        item.collection.title if item.collection else "",
        CardTheme(theme.id, theme.site, theme.slug, theme.name, theme.position) if theme else None,
        CardPicture(picture.name, picture.suffix, picture.width, picture.height, tuple(picture.widths))
        if picture
        else None,
    )
