"""What an entry of WordPress is here: posts and pages are articles, approved comments posts, the rest is named."""

import html
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from community.articles.wordpress import addresses
from community.articles.wordpress.body import Body, convert
from community.articles.wordpress.wxr import Comment, Entry
from community.core.imports import digest_of, public_name
from community.core.text import excerpt, imported_html, plain, slug_of
from community.items.models import State
from community.media.imported import picture_key

ARTICLES = ("post", "page")
LONGEST_BODY, LONGEST_COMMENT = 500_000, 20_000
STATES = {"publish": State.LIVE, "draft": State.DRAFT, "auto-draft": State.DRAFT, "pending": State.DRAFT} | {
    "private": State.DRAFT, "future": State.DRAFT, "inherit": State.DRAFT
}  # fmt: skip
UNAPPROVED = {"0": "It waits for approval.", "spam": "It is spam."} | dict.fromkeys(
    ("trash", "post-trashed"), "It is in the trash."
)
NO_SUBJECT = ("post_format", "nav_menu", "link_category")  # taxonomies that say nothing of what an entry is about
_SUFFIX = re.compile(r"\.(?:html?|php|aspx?)$")
_INLINE = re.compile(r"</?(?:b|strong|i|em|u|s|code|span|a|br|sub|sup|small|big|q|cite)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """An article as the import wants it. Two equal pieces have equal digests: nothing is left to do."""

    title: str
    summary: str
    markup: str  # not yet sanitised
    state: str
    author_name: str
    published_at: datetime | None
    written_at: datetime | None
    tags: tuple[str, ...]
    themes: tuple[str, ...]  # names of categories: the first that is a theme here becomes the article's
    addresses: tuple[str, ...]
    picture: str  # path here of the featured picture, if we hold it

    @cached_property
    def digest(self) -> str:
        """What changes as soon as anything of it does."""
        return digest_of(asdict(self))


@dataclass(frozen=True)
class Remark:
    """A comment as the import wants it."""

    line: int
    id: str
    parent: str
    author_name: str
    markup: str
    written_at: datetime | None

    @cached_property
    def digest(self) -> str:
        """Its place in the file is no part of what it says."""
        return digest_of([self.parent, self.author_name, self.markup, self.written_at])


@dataclass
class Blog:
    """What must be known of the whole file before one entry can be taken: names, addresses, pictures."""

    address: str
    hosts: frozenset[str]
    zone: str
    names: dict[str, str] = field(default_factory=dict)  # login -> name
    paths: dict[str, str] = field(default_factory=dict)  # old place -> path here
    attachments: dict[str, str] = field(default_factory=dict)  # id -> address of the file
    pictures: dict[str, str] = field(default_factory=dict)  # key of an address -> path here

    def path_of(self, address: str, within: str = "") -> str | None:
        """Where a link leads now: to what was imported, else to where it led; None where that is nowhere."""
        if address.startswith(("#", "mailto:")):
            return address
        target = addresses.whole(within or self.address, address)
        parts = addresses.parts_of(target)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return None
        known = self.paths.get(addresses.place_of(target)) if addresses.host_of(target) in self.hosts else None
        return (known + (f"#{parts.fragment}" if parts.fragment else "")) if known else target

    def picture_of(self, address: str) -> str | None:
        """The path of a picture that we hold, whatever size of it the blog showed."""
        keys = map(picture_key, addresses.sizes_of(addresses.whole(self.address, address)))
        return next((self.pictures[key] for key in keys if key in self.pictures), None)

    def name_of(self, login: str) -> str:
        """The name that an author goes by."""
        return public_name(self.names.get(login.lower(), login))


def piece_of(entry: Entry, blog: Blog) -> tuple[Piece, Body]:
    """An entry as an article, with what its body showed and we do not."""
    within = addresses.whole(blog.address, entry.link)
    body = convert(entry.body, lambda address: blog.path_of(address, within), blog.picture_of)
    body.pictures = [addresses.whole(blog.address, address) for address in body.pictures]
    state = State.DRAFT if entry.password else STATES.get(entry.status, State.DRAFT)
    when = moment(entry.dates, blog.zone)
    piece = Piece(
        title=title_of(entry, body.html),
        summary=_summary(entry, body),
        markup=body.html,
        state=state,
        author_name=blog.name_of(entry.creator),
        published_at=when if state == State.LIVE else None,
        written_at=when,
        tags=tuple(name for kind, slug, name in entry.terms if kind not in NO_SUBJECT and slug != "uncategorized"),
        themes=tuple(name for kind, _slug, name in entry.terms if kind == "category"),
        addresses=tuple(old_paths(entry)),
        picture=blog.picture_of(blog.attachments.get(entry.meta.get("_thumbnail_id", ""), "")) or "",
    )
    return piece, body


def why_not(entry: Entry) -> str:
    """Why a post or page cannot be taken; empty where it can."""
    if entry.is_cut_off:
        return "The file breaks off within it."
    if entry.status == "trash":
        return "It is in the trash."
    if len(entry.body) > LONGEST_BODY:
        return f"Its text is longer than {LONGEST_BODY:,} characters."
    return ""


def why_hidden(entry: Entry) -> str:
    """Why what was public, or would have become so, waits as a draft; empty where nothing is to be said."""
    if entry.password:
        return "It was protected by a password; it waits as a draft, without the password."
    if entry.status == "future":
        return "It was scheduled; it waits as a draft."
    if entry.status not in STATES:
        return f"Its state “{entry.status}” is not known here; it waits as a draft."
    return ""


def what_is(entry: Entry) -> str:
    """An entry in words, for the report."""
    title = " ".join(entry.title.split())[:80]
    return f"{entry.type} “{title}”" if title else f"{entry.type} {entry.id} without a title"


def remarks_of(entry: Entry, zone: str) -> list[Remark]:
    """The comments of an entry that are taken, oldest first, so that an answer comes after what it answers."""
    made: dict[str, Remark] = {}
    for place, comment in enumerate(entry.comments):
        if why_not_comment(comment):
            continue
        number = comment.id[:20] if comment.id and comment.id[:20] not in made else f"{comment.id[:20]}?{place}"
        made[number] = Remark(
            line=comment.line,
            id=number,
            parent=comment.parent,
            author_name=public_name(comment.author),
            markup=convert(comment.content, _own_address, lambda _address: None).html,
            written_at=moment(comment.dates, zone),
        )
    return sorted(made.values(), key=lambda remark: remark.written_at or datetime.max.replace(tzinfo=UTC))


def why_not_comment(comment: Comment) -> str:
    """Why a comment cannot be taken; empty where it can."""
    if comment.type not in ("", "comment"):
        return f"It is a {comment.type}, no comment."
    if comment.approved != "1":
        states = {"0": "It waits for approval.", "spam": "It is spam.", "trash": "It is in the trash."}
        return states.get(
            comment.approved, "It is in the trash." if "trash" in comment.approved else "Nobody approved it."
        )
    if not comment.content.strip():
        return "It is empty."
    if len(comment.content) > LONGEST_COMMENT:
        return f"It is longer than {LONGEST_COMMENT:,} characters."
    return ""


def title_of(entry: Entry, markup: str = "") -> str:
    """The title as plain text; where there is none, the first words of the text or of the address."""
    title = " ".join(html.unescape(_INLINE.sub("", entry.title)).split())
    words = title or excerpt(markup, 60) or unquote(entry.slug).replace("-", " ").capitalize()
    return words[:200] or "Untitled"


def wanted_slug(entry: Entry) -> str:
    """The last part of the address that an article would like to have."""
    return slug_of(_SUFFIX.sub("", unquote(entry.slug)) or title_of(entry, entry.body[:2000]))


def old_paths(entry: Entry) -> list[str]:
    """The paths by which readers came: the exact old one, and the short one by number."""
    found = [addresses.path_and_query(entry.link), addresses.path_and_query(entry.guid)]
    if entry.id:
        found += [f"/?p={entry.id}", *([f"/?page_id={entry.id}"] if entry.type == "page" else [])]
    return list(dict.fromkeys(path for path in found if path.strip("/") and len(path) <= 400))


def moment(dates: tuple[str, ...], zone: str) -> datetime | None:
    """The first date that can be read: in UTC, then in the blog's own zone, then as a feed writes it."""
    for place, written in enumerate(dates):
        try:
            if place == 2:
                found = parsedate_to_datetime(written)
                found = found if found.tzinfo else found.replace(tzinfo=UTC)
            else:
                zoned = UTC if place == 0 else ZoneInfo(zone)
                found = datetime.strptime(written[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=zoned)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if found.year > 1970:
            return found.astimezone(UTC)
    return None


def _summary(entry: Entry, body: Body) -> str:
    """The written excerpt, else what stood before "more", else the first words."""
    if entry.excerpt:
        written = plain(imported_html(entry.excerpt[:4000]))
        return written if len(written) <= 300 else excerpt(html.escape(written), 300)
    return excerpt(body.teaser or body.html, 300 if body.teaser else 180)


def _own_address(address: str) -> str | None:
    """A link in a comment must name its host: its path would lead to a page of ours."""
    return address if address.startswith(("http://", "https://", "mailto:")) else None
