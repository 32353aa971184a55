"""Text that people write: made into safe HTML here and nowhere else (`security.md` 1 to 11).

Markdown or imported HTML goes through bleach (allow-list, links), our own check of every address, and
nh3 as the last pass: a maintained parser decides what reaches a page. Nothing is added after it."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

import bleach
import nh3
from bleach.linkifier import Linker, LinkifyFilter
from confusable_homoglyphs import confusables
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.token import Token
from slugify import slugify

DEEPEST = 50  # markup nested deeper is cut: bleach takes the square of the depth
TAGS = frozenset(
    {"p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h2", "h3", "h4", "hr"}
    | {"table", "thead", "tbody", "tr", "th", "td", "img", "figure", "figcaption"}
)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "width", "height"}, "th": {"scope"}}
EDITORS_ATTRIBUTES = ATTRIBUTES | {"h2": {"id"}, "h3": {"id"}}
CODE = {"pre", "code"}
LONGEST_QUOTE = 1_000
MEMBERS_REL = "nofollow ugc noopener"
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# Addresses in plain text become links. Bleach's own pattern takes the square of a run of brackets.
_WRITTEN_ADDRESS = re.compile(r"""\bhttps?://[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]""", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@/.+-])@([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w@])", re.IGNORECASE)
# What bleach leaves as it is: paragraphs of words, as most members write them.
_PLAIN = re.compile(r"(?:<p>(?:[^<>&\x00-\x08\x0b-\x1f\ud800-\udfff]++|<br />|&(?:amp|lt|gt|quot);)*+</p>\n?)*")
# What Markdown leaves as it is: lines that begin with a letter, of letters and signs that say nothing to it.
_WORDS = re.compile(r"(?:[^\W\d_](?:[^\s\\`*_\[\]<>&~|@\x00-\x1f\x7f-\x9f\ud800-\udfff]| (?=\S))*+(?:\n+(?=\S)|\Z))++")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# A quotation mark stays one, so that an address ends before it.
_markdown.add_render_rule("text", lambda _self, tokens, at, *_: html.escape(tokens[at].content, quote=False))


def to_safe_html(source: str, people: Mapping[str, str] | None = None) -> str:
    """A member's Markdown as HTML; links say that members made them. `@name` of one of these `people`
    (name -> path) leads to their page."""
    return _sanitised(_rendered(source, 3, people or {}), MEMBERS_REL)


def article_html(source: str) -> str:
    """An editor's Markdown as HTML; headings carry an `id`, so that a page can list them."""
    return _sanitised(_rendered(source, 2, {}), "noopener")


def imported_html(source: str, rel: str = "noopener") -> str:
    """HTML of another site's export as HTML of ours; scripts, styles and forms leave nothing behind."""
    return _sanitised(_shallow(source), rel)


def names_in(source: str, quoted: bool = True) -> list[str]:
    """The `@names` in a member's Markdown, outside code and links, in lower case; those in quotes too, or not."""
    if "@" not in source:
        return []
    words = _own_words(_markdown.parse(source), quoted)
    return list(dict.fromkeys(name.lower() for each in words for name in _MENTION.findall(each.content)))


def quotation(body: str) -> str:
    """Somebody's own words as a quote, without what they quoted themselves; ready to be written under."""
    own = "\n".join(line for line in body[:LONGEST_QUOTE].splitlines() if not line.startswith(">"))
    return "".join(f"> {line}\n" for line in own.strip().splitlines()) + "\n"


def without_name(source: str, name: str, instead: str) -> str:
    """The same words with `@name` told differently."""
    return _MENTION.sub(lambda found: instead if found[1].lower() == name.lower() else found[0], source)


@lru_cache(500)
def headings(body_html: str) -> tuple[tuple[str, str], ...]:
    """The second-level headings of sanitised HTML: (id, words). A page asks at each showing."""
    found = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body_html)
    return tuple((anchor, plain(words)) for anchor, words in found)


def plain(body_html: str) -> str:
    """The words of sanitised HTML, for excerpts, mails and search."""
    return " ".join(html.unescape(re.sub(r"<[^>]{0,2000}>", " ", body_html)).split())


def excerpt(body_html: str, length: int = 180) -> str:
    """The first words of sanitised HTML, cut between words."""
    words = plain(body_html)
    return words if len(words) <= length else words[:length].rsplit(" ", 1)[0] + " …"


def reading_minutes(body_html: str) -> int:
    """Whole minutes for a text at 230 words a minute (Brysbaert 2019: 238 for English non-fiction)."""
    return max(1, round(len(plain(body_html).split()) / 230))


def slug_of(title: str) -> str:
    """The part of an address that a title gives; never empty, at most 80 characters."""
    return slugify(title, max_length=80, word_boundary=True) or "untitled"


def is_storable(text: str) -> bool:
    """No NUL and no half of a surrogate pair: neither database takes them."""
    return "\x00" not in text and not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def is_visible(text: str) -> bool:
    """Whether a text holds anything to see: more than spaces, control and zero-width characters."""
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in text)


def display_name(typed: str) -> str:
    """A name as it is kept: NFKC, single spaces, without control, invisible or direction characters."""
    kept = (c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn"))
    return " ".join("".join(kept).split())


def skeleton(name: str) -> str:
    """What two names that look alike have in common: lower case, confusable letters made Latin."""
    letters = []
    for letter in unicodedata.normalize("NFKD", display_name(name)).casefold():
        if unicodedata.combining(letter):
            continue
        letters.append(_as_latin(letter))
    return re.sub(r"\W", "", "".join(letters)).replace("0", "o").replace("1", "l").replace("i", "l")


def mixes_scripts(name: str) -> bool:
    """Whether one word of a name holds letters of two scripts, as in a Cyrillic a among Latin ones."""
    return any(confusables.is_mixed_script(word, allowed_aliases=["COMMON", "INHERITED"]) for word in name.split())


def own_path(path: str | None) -> str | None:
    """A path of ours that is safe to go to after signing in, else None (`security.md` 27)."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return None
    return None if "\\" in path or _CONTROL.search(path) else path


def _as_latin(letter: str) -> str:
    if letter.isascii():
        return letter
    found = confusables.is_confusable(letter, preferred_aliases=["LATIN"]) or []
    homoglyphs = [h["c"] for f in found for h in f["homoglyphs"]]
    return next((c.casefold() for c in homoglyphs if c.isascii() and c.isalnum()), letter)


def _rendered(source: str, first_heading: int, people: Mapping[str, str]) -> str:
    if _WORDS.fullmatch(source):
        return "".join(f"<p>{words}</p>\n" for words in re.split("\n\n+", source))
    return _rendered_markdown(source, first_heading, people)


def _rendered_markdown(source: str, first_heading: int, people: Mapping[str, str]) -> str:
    tokens = _markdown.parse(source)
    if people:
        _link_people(tokens, people)
    anchors: set[str] = set()
    for number, token in enumerate(tokens):
        if token.type.startswith("heading_"):
            token.tag = f"h{min(4, max(first_heading, int(token.tag[1])))}"
            if token.nesting == 1:
                token.attrSet("id", _anchor(tokens[number + 1].content, anchors))
    return str(_markdown.renderer.render(tokens, _markdown.options, {}))


def _own_words(tokens: list[Token], quoted: bool = True) -> list[Token]:
    """The pieces of text outside code and links; those in quotes too, or not."""
    found, quotes = [], 0
    for token in tokens:
        quotes += token.nesting if token.type.startswith("blockquote_") else 0
        links = 0
        for piece in token.children or () if quoted or not quotes else ():
            links += piece.nesting if piece.type.startswith("link_") else 0
            if piece.type == "text" and not links:
                found.append(piece)
    return found


def _link_people(tokens: list[Token], people: Mapping[str, str]) -> None:
    """Make each `@name` of one of these people a link to their page."""
    own = {id(piece) for piece in _own_words(tokens)}
    for token in tokens:
        if token.children:
            parts = (_with_links(piece, people) if id(piece) in own else [piece] for piece in token.children)
            token.children = [part for each in parts for part in each]


def _with_links(piece: Token, people: Mapping[str, str]) -> list[Token]:
    """A piece of text in parts, with a link at each name that stands in `people`."""
    parts, done = [], 0
    for found in _MENTION.finditer(piece.content):
        path = people.get(found[1].lower())
        if path:
            parts += [_text(piece.content[done : found.start()]), Token("link_open", "a", 1, {"href": path})]
            parts += [_text(found[0]), Token("link_close", "a", -1)]
            done = found.end()
    return [*parts, _text(piece.content[done:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _anchor(words: str, taken: set[str]) -> str:
    """An id for a heading that no other heading of the text has."""
    wanted = anchor = f"h-{slug_of(words)}"
    number = 2
    while anchor in taken:
        anchor, number = f"{wanted}-{number}", number + 1
    taken.add(anchor)
    return anchor


def _shallow(source: str) -> str:
    """HTML without what lies deeper than DEEPEST, and without the text of scripts and styles."""
    source = _NO_XML.sub("", source)
    if not source.strip():
        return ""
    root = lxml_html.fragment_fromstring(source, create_parent="div", parser=lxml_html.HTMLParser(huge_tree=False))
    for element in list(root.iter("script", "style", "noscript", "iframe", "object", "form", "textarea", "xmp")):
        element.drop_tree()
    level, depth = [root], 0
    while level:
        children = [child for parent in level for child in parent]
        depth += 1
        if depth > DEEPEST:
            for child in children:
                child.drop_tree()
            break
        level = children
    return "".join([html.escape(root.text or ""), *(lxml_html.tostring(child, encoding="unicode") for child in root)])


def _sanitised(markup: str, rel: str) -> str:
    is_plain = "://" not in markup and _PLAIN.fullmatch(markup) is not None
    return _last_pass(rel).clean(markup if is_plain else _bleached(markup, rel))


def _bleached(markup: str, rel: str) -> str:
    attributes = {tag: list(names) for tag, names in _attributes(rel).items()}
    clean: str = bleach.clean(markup, tags=TAGS, attributes=attributes, strip=True, strip_comments=True)
    return _linked(clean, rel) if "://" in clean or "<a" in clean else clean


@lru_cache
def _last_pass(rel: str) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={tag: names | ({"rel"} if tag == "a" else set()) for tag, names in _attributes(rel).items()},
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_checked_address,
        link_rel=None,
    )


def _attributes(rel: str) -> dict[str, set[str]]:
    return ATTRIBUTES if rel == MEMBERS_REL else EDITORS_ATTRIBUTES


def _linked(clean: str, rel: str) -> str:
    """Addresses as links, and of each link who made it and where it may lead."""
    linker = Linker([partial(_checked_link, rel)], skip_tags=CODE, url_re=_WRITTEN_ADDRESS)
    walker = linker.walker
    linker.walker = lambda tree: _code_as_written(walker(tree))
    linked: str = linker.linkify(clean)
    return linked


def _code_as_written(tokens: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Bleach makes no links in code, and would escape its text a second time: its entities are told apart first."""
    depth = 0
    for token in tokens:
        if token.get("name") in CODE:
            depth += {"StartTag": 1, "EndTag": -1}.get(token["type"], 0)
        if depth and token["type"] == "Characters":
            yield from LinkifyFilter.extract_entities(None, token)
        else:
            yield token


def _checked_link(rel: str, attributes: dict, new: bool = False) -> dict | None:
    """A link with our `rel`, or none where its address is not one that we let out."""
    address = _address(attributes.get((None, "href"), ""))
    if address is None:
        return None
    attributes[(None, "href")] = address
    if address.startswith("/"):
        attributes.pop((None, "rel"), None)
    else:
        attributes[(None, "rel")] = rel
    return attributes


def _checked_address(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return _address(value)
    if tag == "img" and name == "src":
        return value if value.startswith(("/media/", "/static/")) and ".." not in value else None
    return value


def _address(written: str) -> str | None:
    """An address that may stand in a link: http, https, mailto, or a path or anchor of ours."""
    address = _CONTROL.sub("", html.unescape(written)).strip()
    if address.startswith("#") or own_path(address):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme in ("http", "https") and parts.netloc:
        return address
    return address if parts.scheme == "mailto" and "@" in parts.path else None
