"""The first reading of an export: what it holds, and what must be known of the whole before one entry is taken."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from community.articles.wordpress.addresses import host_of, is_picture, place_of, sizes_of, whole
from community.articles.wordpress.mapping import ARTICLES, Blog, old_paths, wanted_slug, what_is
from community.articles.wordpress.wxr import Author, Entry, Export, Term

_IMAGE = re.compile(r"<img\b[^<>]*?\ssrc=[\"']([^\"'<>]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """A post or page by what its address needs. `key` is empty where the very same one stood there before."""

    kind: str
    key: str
    slug: str
    places: tuple[str, ...]
    is_public: bool


@dataclass(frozen=True)
class Attachment:
    """A file that the blog kept beside its entries."""

    address: str
    alt: str


@dataclass
class Survey:
    """What one reading of a file tells."""

    found: Counter[str] = field(default_factory=lambda: Counter(comments=0, authors=0, categories=0, tags=0))
    authors: list[Author] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    headings: dict[int, Heading] = field(default_factory=dict)  # by the entry's place in the file
    attachments: dict[str, Attachment] = field(default_factory=dict)  # by id
    images: set[str] = field(default_factory=set)  # addresses of pictures in bodies
    _begins: list[int] = field(default_factory=list)
    _titles: list[str] = field(default_factory=list)
    _keys: set[tuple[str, str]] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How many rows the file holds."""
        return len(self.authors) + len(self.terms) + len(self._titles)

    def what_stands_at(self, line: int) -> str:
        """The entry that a line belongs to."""
        place = bisect_right(self._begins, line)
        return self._titles[place - 1] if place else "the head of the file"

    def blog(self, export: Export, zone: str) -> Blog:
        """What the entries need to know of each other; no article has an address yet."""
        return Blog(
            address=export.address,
            hosts=frozenset(filter(None, map(host_of, (export.address, export.addresses.get("link", ""))))),
            zone=zone,
            names={author.login.lower(): author.name for author in self.authors},
            attachments={number: attachment.address for number, attachment in self.attachments.items()},
        )

    def pictures(self, blog: Blog) -> dict[str, str]:
        """The blog's own pictures with their words: attachments, and what only its bodies show."""
        found = {each.address: each.alt for each in self.attachments.values() if is_picture(each.address)}
        hosts = blog.hosts | set(map(host_of, found))
        for address in sorted({whole(blog.address, image) for image in self.images}):
            if host_of(address) in hosts and not found.keys() & set(sizes_of(address)):
                found[address] = ""
        return found

    def note(self, place: int, entry: Entry) -> None:
        """Keep what one entry tells, and let go of the rest."""
        self.found[entry.type] += 1
        self.found["comments"] += len(entry.comments)
        self._begins.append(entry.line)
        self._titles.append(what_is(entry))
        if entry.type == "attachment" and entry.attachment_url:
            alt = entry.meta.get("_wp_attachment_image_alt") or entry.excerpt or entry.title
            self.attachments[entry.id] = Attachment(entry.attachment_url, alt)
        if entry.type in ARTICLES:
            self.headings[place] = self._heading(entry)
            self.images.update(filter(is_picture, _IMAGE.findall(entry.body)))

    def _heading(self, entry: Entry) -> Heading:
        slug = wanted_slug(entry)
        names = [entry.id or entry.guid or entry.link or slug]
        names.append(f"{names[0]}:{slug}")  # broken files give one number to several entries
        key = next((name[:100] for name in names if (entry.type, name[:100]) not in self._keys), "")
        self._keys.add((entry.type, key))
        places = tuple(place_of(path) for path in old_paths(entry))
        return Heading(entry.type, key, slug, places, entry.status == "publish" and not entry.password)


def survey(export: Export) -> Survey:
    """Read a file once; `Unreadable` where it holds nothing that can be read."""
    made = Survey()
    for place, row in enumerate(export.rows()):
        if isinstance(row, Entry):
            made.note(place, row)
        elif isinstance(row, Author):
            made.authors.append(row)
        else:
            made.terms.append(row)
    made.found.update(authors=len(made.authors), **Counter(term.kind for term in made.terms))
    return made
