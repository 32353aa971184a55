"""A body as Stack Exchange kept it, made into HTML that our sanitiser leaves as it is."""

import re

from lxml import html as lxml_html

RENAMED = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "del": "s", "strike": "s"} | {
    "kbd": "code", "dt": "p", "dd": "p", "dl": "div"
}  # fmt: skip
_KNOWN = re.compile(r"/(?:questions|q|a)/\d")  # old addresses that lead on


def convert(source: str) -> str:
    """Pictures become links to where they are; links within the old site stay where they lead to what was taken."""
    if not source.strip():
        return ""
    root = lxml_html.fragment_fromstring(source, create_parent="div")
    for element in list(root.iter(*RENAMED)):
        element.tag = RENAMED[str(element.tag)]
    for picture in list(root.iter("img")):
        _link_to(picture)
    for link in list(root.iter("a")):
        address = link.get("href", "")
        if address.startswith("//"):
            link.set("href", f"https:{address}")
        elif address.startswith("/") and not _KNOWN.match(address):
            link.drop_tag()
    return (root.text or "") + "".join(lxml_html.tostring(child, encoding="unicode") for child in root)


def _link_to(picture: "lxml_html.HtmlElement") -> None:
    """Its words as a link; within a link that is there already, only its words."""
    address, words = picture.get("src", ""), picture.get("alt") or picture.get("src", "")
    is_linked = any(parent.tag == "a" for parent in picture.iterancestors())
    picture.attrib.clear()
    picture.tag = "span" if is_linked else "a"
    picture.text = words
    if not is_linked:
        picture.set("href", address)
