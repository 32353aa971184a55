"""A body as WordPress kept it, made into HTML that our sanitiser leaves as it is: what goes is named, not lost."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from community.articles.wordpress import paragraphs
from community.core.text import slug_of

RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "cite": "em", "del": "s", "strike": "s"} | {
    "kbd": "code", "tt": "code", "samp": "code", "dt": "p", "dd": "p", "dl": "div", "address": "p", "center": "div"
}  # fmt: skip
PLAYERS = ("iframe", "object", "embed", "video", "audio")
GONE = ("script", "style", "noscript", "form", "textarea", "select", "button", "input", "svg", "math", "title", "head")
WRAPPERS = ("div", "section", "article", "aside", "header", "footer", "main", "nav", "details", "summary", "fieldset")
_BLOCKS = frozenset(
    ["p", "ul", "ol", "li", "blockquote", "pre", "h2", "h3", "h4", "hr", "table", "thead", "tbody", "tfoot", "tr"]
    + ["td", "th", "figure", "figcaption", "caption", *WRAPPERS]
)
_MORE = re.compile(r"<!--more[^<>]*-->")
_PAGE_END = re.compile(r"<!--nextpage-->")
Resolve = Callable[[str], str | None]


@dataclass
class Body:
    """A body as HTML of ours, with what it showed and we do not."""

    html: str = ""
    teaser: str = ""  # what stood before "more"
    pictures: list[str] = field(default_factory=list)  # addresses of pictures that are not shown
    left_out: list[str] = field(default_factory=list)  # shortcodes, players and forms by name


def convert(source: str, link: Resolve, picture: Resolve) -> Body:
    """Make HTML of a body. `link` gives the address that a link should have (None: no link at all), `picture` the
    path of a picture that we hold (None: it is not shown, and named)."""
    body = Body()
    teaser, more, rest = _parted(source.replace("\r\n", "\n"))
    body.html = _Tree(body, link, picture).converted(teaser + "\n\n" + rest if more else teaser)
    if more:
        body.teaser = _Tree(Body(), link, picture).converted(teaser)
    return body


def _parted(source: str) -> tuple[str, bool, str]:
    source = _PAGE_END.sub("\n\n", source)
    found = _MORE.search(source)
    return (source[: found.start()], True, source[found.end() :]) if found else (source, False, "")


class _Tree:
    """The markup as a tree, changed step by step."""

    def __init__(self, body: Body, link: Resolve, picture: Resolve) -> None:
        self.body, self.link, self.picture = body, link, picture

    def converted(self, text: str) -> str:
        """The whole way from WordPress's text to HTML."""
        text = paragraphs.without_shortcodes(text, self._leave_out)
        text = paragraphs.from_blocks(text) if paragraphs.has_blocks(text) else paragraphs.paragraphs(text)
        if not text.strip():
            return ""
        parser = lxml_html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
        self.root = lxml_html.fragment_fromstring(text, create_parent="div", parser=parser)
        for step in (self._drop, self._rename, self._show, self._lead, self._unwrap, self._name_headings, self._tidy):
            step()
        return "".join(etree.tostring(child, encoding="unicode", method="html") for child in self.root)

    def _leave_out(self, name: str) -> None:
        if name not in self.body.left_out:
            self.body.left_out.append(name)

    def _all(self, *tags: str) -> Iterator[lxml_html.HtmlElement]:
        yield from [element for element in self.root.iter(*tags) if element is not self.root]

    def _drop(self) -> None:
        """What cannot be shown goes; a player leaves a link to what it played."""
        for element in self._all(*PLAYERS):
            source = next((each.get("src") or each.get("data") for each in element.iter() if _played(each)), None)
            self._leave_out(f"<{element.tag}>")
            address = self.link(source) if source else None
            if address and element.getparent() is not None:
                link = lxml_html.Element("a", href=address)
                link.text = address
                element.addprevious(link)
            element.drop_tree()
        for element in self._all(*GONE):
            if element.tag == "form":
                self._leave_out("<form>")
            if element.getparent() is not None:
                element.drop_tree()

    def _rename(self) -> None:
        for element in self._all(*RENAMED):
            element.tag = RENAMED[element.tag]

    def _show(self) -> None:
        """Pictures that we hold; a caption without its picture is a paragraph."""
        for image in self._all("img"):
            address = (image.get("src") or "").strip()
            path = self.picture(address) if address else None
            if path:
                kept = {name: image.get(name) for name in ("width", "height") if (image.get(name) or "").isdecimal()}
                alt = image.get("alt") or ""
                image.attrib.clear()
                image.attrib.update({"src": path, "alt": alt} | kept)
            else:
                if address and not address.startswith("data:"):
                    self.body.pictures.append(address)
                image.drop_tree()
        for figure in self._all("figure"):
            _caption(figure)

    def _lead(self) -> None:
        """Links to where things are now; one without words or picture leads nobody."""
        for link in self._all("a"):
            address = self.link(link.get("href") or "")
            if address is None or not (link.text_content().strip() or link.find(".//img") is not None):
                link.drop_tag()
            else:
                link.set("href", address)

    def _unwrap(self) -> None:
        """Boxes go, what stood in them keeps its paragraphs: the innermost first."""
        for element in reversed(list(self._all(*WRAPPERS, "blockquote"))):
            _wrap_loose(element)
            if element.tag != "blockquote":
                element.drop_tag()
        _wrap_loose(self.root)

    def _name_headings(self) -> None:
        """Headings get ids of our own, so that a page can list them."""
        taken: set[str] = set()
        for heading in self._all("h2", "h3", "h4"):
            heading.attrib.clear()
            wanted = anchor = f"h-{slug_of(heading.text_content())}"
            number = 2
            while anchor in taken:
                anchor, number = f"{wanted}-{number}", number + 1
            taken.add(anchor)
            if heading.tag != "h4":
                heading.set("id", anchor)

    def _tidy(self) -> None:
        """What is empty: editors leave it behind, and pictures that are not shown."""
        for element in reversed(list(self._all("p", "h2", "h3", "h4", "figure", "figcaption", "li", "ul", "ol"))):
            if not element.text_content().strip(" \t\n\r\xa0") and element.find(".//img") is None:
                element.drop_tree()


def _played(element: lxml_html.HtmlElement) -> bool:
    return bool(element.get("src") or element.get("data"))


def _caption(figure: lxml_html.HtmlElement) -> None:
    """What stands after a figure's picture is its caption; without a picture the figure is only its words."""
    image = figure.find(".//img")
    if image is None:
        for caption in figure.findall(".//figcaption"):
            caption.tag = "p"
        figure.tag = "div"
        return
    top = image
    while top.getparent() is not figure:
        top = top.getparent()
    after = list(top.itersiblings())
    if figure.find(".//figcaption") is None and (after or (top.tail or "").strip()):
        caption = lxml_html.Element("figcaption")
        caption.text, top.tail = (top.tail or "").strip(), None
        caption.extend(after)
        figure.append(caption)


def _wrap_loose(box: lxml_html.HtmlElement) -> None:
    """Put text and inline markup that stands between the blocks of a box into paragraphs."""
    run: lxml_html.HtmlElement | None = None
    text, box.text = box.text or "", None
    if text.strip():
        run = lxml_html.Element("p")
        run.text = text.lstrip()
        box.insert(0, run)
    for child in list(box):
        if child is run:
            continue
        if child.tag in _BLOCKS:
            run = None
            tail, child.tail = child.tail or "", None
            if tail.strip():
                run = lxml_html.Element("p")
                run.text = tail.lstrip()
                child.addnext(run)
        elif run is None:
            run = lxml_html.Element("p")
            child.addprevious(run)
            run.append(child)
        else:
            run.append(child)
