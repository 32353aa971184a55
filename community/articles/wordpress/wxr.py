"""Reads a WordPress export row by row: a broken file gives what can still be read, and names what cannot."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from community.articles.wordpress.addresses import parts_of
from community.core.broken_xml import Cleaned, Fault, faults_of, forget, parse
from community.core.imports import Unreadable

MOST_BYTES = 512 * 1024 * 1024
_WORDPRESS = "wordpress.org/export/"  # in the address of the namespace, under http or https
_META = ("_thumbnail_id", "_wp_attachment_image_alt")


@dataclass(frozen=True)
class Author:
    """An author as declared. The e-mail address is not even read."""

    line: int
    login: str
    name: str


@dataclass(frozen=True)
class Term:
    """A category or a tag as declared."""

    line: int
    kind: str  # `categories` or `tags`, as the report counts them
    slug: str
    name: str


@dataclass(frozen=True)
class Comment:
    """What somebody wrote under an entry. Address, page and network of the writer are not even read."""

    line: int
    id: str
    parent: str
    author: str
    dates: tuple[str, ...]
    content: str
    approved: str
    type: str


@dataclass(frozen=True)
class Entry:
    """A post, a page, or whatever else WordPress keeps as one: attachments, menus, products."""

    line: int
    type: str
    id: str
    title: str
    link: str
    guid: str
    creator: str
    slug: str
    status: str
    password: str
    dates: tuple[str, ...]  # in the order of trust: UTC, the blog's own zone, the feed's
    body: str
    excerpt: str
    attachment_url: str
    meta: dict[str, str]
    terms: tuple[tuple[str, str, str], ...]  # taxonomy, slug, name
    comments: tuple[Comment, ...]
    is_cut_off: bool = False  # the file breaks off within it


Row = Author | Term | Entry


@dataclass
class Export:
    """One file. What it says of the blog, and its faults, are known once its rows are read."""

    path: Path
    title: str = ""
    addresses: dict[str, str] = field(default_factory=dict)  # of the blog, by the tag that names each
    faults: list[Fault] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the blog was."""
        named = [self.addresses.get(tag, "") for tag in ("base_blog_url", "link", "base_site_url")]
        return next((address for address in named if parts_of(address).netloc), "")

    @property
    def source(self) -> str:
        """What makes two files exports of the same blog: its address and title."""
        return f"{self.address.rstrip('/')} {self.title}".strip()[:200]

    def rows(self) -> Iterator[Row]:
        """Every author, term and entry in the order of the file; `Unreadable` where there is none at all."""
        if self.path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
        cleaned = Cleaned(self.path, b"<rss")
        events = parse(cleaned)
        is_export, held = False, None
        for element in self._elements(events):
            is_export = is_export or _is_wordpress(element)
            row = self._row(element)
            if row is not None:
                forget(element)
                if held is not None:
                    yield held
                held = row
        self.faults = faults_of(events, cleaned)
        if not is_export:
            why = f" (line {self.faults[0].line}: {self.faults[0].why})" if self.faults else ""
            raise Unreadable(f"This is no WordPress export{why}.")
        if held is not None:
            yield self._perhaps_cut_off(held)

    def _elements(self, events: "etree.iterparse") -> Iterator["etree._Element"]:
        """Every element as it closes, up to where the parser gives up; what it said then is among the faults."""
        self.is_given_up = False
        try:
            for _event, element in events:
                yield element
        except etree.XMLSyntaxError:
            self.is_given_up = True

    def _perhaps_cut_off(self, last: Row) -> Row:
        """The last row was held back until it was known whether the file ends in the midst of it."""
        ends_early = self.is_given_up or any(fault.why.startswith("Premature end") for fault in self.faults)
        return replace(last, is_cut_off=True) if ends_early and isinstance(last, Entry) else last

    def _row(self, element: "etree._Element") -> Row | None:
        """The row that an element holds; what it says of the blog is kept on the way."""
        name = _name(element)
        parent = element.getparent()
        if name == "item":
            return _entry(element)
        if parent is None or _name(parent) in ("item", "comment"):
            return None
        if name == "author" and _is_wordpress(element):
            login = _text(element, "author_login")
            return Author(_line(element), login, _text(element, "author_display_name") or login)
        if name in ("category", "tag") and _is_wordpress(element):
            return _term(element, name)
        if name == "title" and not self.title and _name(parent) != "image":
            self.title = (element.text or "").strip()
        elif name in ("link", "base_site_url", "base_blog_url"):
            self.addresses.setdefault(name, (element.text or "").strip())
        return None


def _term(element: "etree._Element", name: str) -> Term:
    if name == "category":
        slug, words = _text(element, "category_nicename"), _text(element, "cat_name")
    else:
        slug, words = _text(element, "tag_slug"), _text(element, "tag_name")
    return Term(_line(element), "categories" if name == "category" else "tags", slug, words or slug)


def _entry(element: "etree._Element") -> Entry:
    said = _texts(element)
    return Entry(
        line=_line(element),
        type=said.get("post_type") or "post",
        id=said.get("post_id", ""),
        title=said.get("title", ""),
        link=said.get("link", ""),
        guid=said.get("guid", ""),
        creator=said.get("creator", ""),
        slug=said.get("post_name", ""),
        status=said.get("status", ""),
        password=said.get("post_password", ""),
        dates=(said.get("post_date_gmt", ""), said.get("post_date", ""), said.get("pubDate", "")),
        body=said.get("encoded", ""),
        excerpt=said.get("excerpt", ""),
        attachment_url=said.get("attachment_url", ""),
        meta=dict(_meta(element)),
        terms=tuple(
            (child.get("domain") or "category", child.get("nicename") or "", _whole_text(child))
            for child in element
            if _name(child) == "category"
        ),
        comments=tuple(_comment(child) for child in element if _name(child) == "comment"),
    )


def _comment(element: "etree._Element") -> Comment:
    said = _texts(element)
    return Comment(
        line=_line(element),
        id=said.get("comment_id", ""),
        parent=said.get("comment_parent", ""),
        author=said.get("comment_author", ""),
        dates=(said.get("comment_date_gmt", ""), said.get("comment_date", "")),
        content=said.get("comment_content", ""),
        approved=said.get("comment_approved", ""),
        type=said.get("comment_type", ""),
    )


def _meta(element: "etree._Element") -> Iterator[tuple[str, str]]:
    for child in element:
        if _name(child) == "postmeta" and (key := _text(child, "meta_key")) in _META:
            yield key, _text(child, "meta_value")


def _texts(element: "etree._Element") -> dict[str, str]:
    """The text of each child by its name; the first one counts."""
    said: dict[str, str] = {}
    for child in element:
        name = _name(child)
        if name and (len(child) == 0 or name in ("encoded", "title")):
            said.setdefault("excerpt" if "excerpt" in child.tag else name, _whole_text(child))
    return said


def _text(element: "etree._Element", name: str) -> str:
    return next((_whole_text(child) for child in element if _name(child) == name), "")


def _whole_text(element: "etree._Element") -> str:
    """All text within; an entity that was not resolved stays as it was written."""
    return "".join(element.itertext(with_tail=False)).strip()


def _name(element: "etree._Element") -> str:
    """A tag's name without its namespace, also where a broken file lost the namespace's address."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _is_wordpress(element: "etree._Element") -> bool:
    return isinstance(element.tag, str) and (_WORDPRESS in element.tag or element.tag.startswith("wp:"))


def _line(element: "etree._Element") -> int:
    return element.sourceline or 0
