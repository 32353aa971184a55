"""WordPress keeps paragraphs as blank lines and shortcodes as brackets; this makes HTML of both.

A body comes from a stranger's file: every pattern here takes time in proportion to the text, whatever it holds."""

import html
import re
from collections.abc import Callable

_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|"
    "address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|header|footer|nav|main|center|figure|"
    "figcaption|details|summary|iframe|object|video|audio|script"
)
_OPENED = re.compile(rf"<(?:{_BLOCKS})(?=[\s/>])", re.IGNORECASE)
_CLOSED = re.compile(rf"</(?:{_BLOCKS})>", re.IGNORECASE)
_BLOCK_FIRST = re.compile(rf"</?(?:{_BLOCKS})(?=[\s/>])", re.IGNORECASE)
_VERBATIM = re.compile(r"<(/?)(pre|script|style|textarea)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LEADING_TAGS = re.compile(r"(?:<[^<>]*>\s*)*")
_BLOCK_MARK = re.compile(r"<!--\s*(/?)wp:[a-z][\w/-]*([^<>]*)-->")
_SHORTCODE = re.compile(r"\[(\[?)(/?)([a-zA-Z][\w-]{1,40})((?:[\s=:][^\[\]]{0,2000})?)\](\]?)")
_ATTRIBUTE = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_ADDRESS = re.compile(r"https?://[^\s\"'\[\]<>]+")
_HELD = "\ue000"  # of the private area: no blog's text holds it
_KNOWN = frozenset(
    ["gallery", "audio", "video", "embed", "playlist", "youtube", "vimeo", "soundcloud", "googlemaps", "slideshare"]
    + ["contact-form", "contact-form-7", "contact-field", "wpvideo", "dailymotion", "flickr", "tweet", "archives"]
)


def paragraphs(text: str) -> str:
    """A classic body as HTML: blank lines part paragraphs, single ones break; blocks and `<pre>` stay as they are."""
    text, held = _hold_back(text)
    text = _TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
    text = _CLOSED.sub(lambda tag: f"{tag[0]}\n\n", _OPENED.sub(lambda tag: f"\n\n{tag[0]}", text))
    parts = re.split(r"\n(?:[ \t]*\n)+", text)
    return _put_back("\n".join(_paragraph(part.strip()) for part in parts if part.strip()), held)


def from_blocks(text: str) -> str:
    """A body of the block editor without the marks of blocks; what stands outside any block is a classic body."""
    made, depth, end = [], 0, 0
    for mark in _BLOCK_MARK.finditer(text):
        made.append(text[end : mark.start()] if depth else paragraphs(text[end : mark.start()]))
        if mark[1]:
            depth = max(0, depth - 1)
        elif not mark[2].rstrip().endswith("/"):
            depth += 1
        end = mark.end()
    return "".join([*made, text[end:] if depth else paragraphs(text[end:])])


def has_blocks(text: str) -> bool:
    """Whether the block editor wrote this."""
    return "<!-- wp:" in text


def without_shortcodes(text: str, left_out: Callable[[str], None]) -> str:
    """Captions become figures, players and embeds plain links; the rest goes and is named. `[sic]` is only text."""
    text, held = _hold_back(text)
    closed = {found[3].lower() for found in _SHORTCODE.finditer(text) if found[2]}
    captions: list[str] = []  # of figures that are open

    def replaced(found: re.Match[str]) -> str:
        name, inside = found[3].lower(), html.unescape(found[4])
        said = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(inside)}
        if found[1] or not (name in _KNOWN or name in closed or said):
            return found[0][1:-1] if found[1] and found[5] else found[0]
        if name in ("caption", "wp_caption"):
            return _figure(bool(found[2]), said.get("caption", ""), captions)
        if found[2]:
            return ""
        left_out(f"[{name}]")
        address = _ADDRESS.search(inside)
        return f"\n\n{_link(address[0])}\n\n" if address else ""

    return _put_back(_SHORTCODE.sub(replaced, text), held)


def _figure(closes: bool, caption: str, open_captions: list[str]) -> str:
    """The caption stands in an attribute (before 2012) or after the picture; the latter is found in the tree."""
    if not closes:
        open_captions.append(caption)
        return "\n\n<figure>"
    words = open_captions.pop() if open_captions else ""
    return (f"<figcaption>{html.escape(words)}</figcaption>" if words else "") + "</figure>\n\n"


def _link(address: str) -> str:
    return f'<a href="{html.escape(address)}">{html.escape(address)}</a>'


def _paragraph(part: str) -> str:
    """Text that stands for itself gets its paragraph; what follows an opened block is only broken into lines."""
    if part.startswith(_HELD):
        return part
    if not _BLOCK_FIRST.match(part):
        return f"<p>{_broken(part)}</p>"
    end = _LEADING_TAGS.match(part).end()  # type: ignore[union-attr]
    return part[:end] + _broken(part[end:])


def _broken(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join(line if line.endswith(("<br>", "<br />", "<br/>")) else f"{line}<br>" for line in lines[:-1]) + (
        f"\n{lines[-1]}" if len(lines) > 1 else lines[-1]
    )


def _hold_back(text: str) -> tuple[str, list[str]]:
    """A text with a mark in the place of each `<pre>`, and what stood there; scripts and styles go for good."""
    kept: list[str] = []
    held: list[str] = []
    opened: re.Match[str] | None = None
    end = 0
    text = text.replace(_HELD, "")
    for tag in _VERBATIM.finditer(text):
        if opened is None and not tag[1]:
            kept.append(text[end : tag.start()])
            opened, end = tag, tag.start()
        elif opened is not None and tag[1] and tag[2].lower() == opened[2].lower():
            if tag[2].lower() == "pre":
                kept.append(f"\n\n{_HELD}{len(held)}{_HELD}\n\n")
                held.append(text[end : tag.end()])
            opened, end = None, tag.end()
    return "".join([*kept, text[end:]]), held


def _put_back(text: str, held: list[str]) -> str:
    return re.sub(f"{_HELD}([0-9]+){_HELD}", lambda found: held[int(found[1])], text)
