"""Addresses as the old blog wrote them; whatever is written there, none of these functions fails."""

import html
import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_SIZE = re.compile(r"-\d{2,5}x\d{2,5}(?=\.\w{3,4}$)")
_NUMBER = re.compile(r"(?:p|page_id)=\d+$")


def parts_of(address: str) -> SplitResult:
    """The parts of an address; of one that is none, empty ones."""
    try:
        return urlsplit(html.unescape(address).strip())
    except ValueError:
        return urlsplit("")


def whole(base: str, address: str) -> str:
    """An address with its host, which links within a blog leave out; empty where that makes no sense."""
    try:
        return urljoin(base, html.unescape(address).strip())
    except ValueError:
        return ""


def host_of(address: str) -> str:
    """The host of an address, without `www.`."""
    return (parts_of(address).hostname or "").removeprefix("www.")


def place_of(address: str) -> str:
    """What two ways to write the same old address have in common."""
    parts = parts_of(address)
    query = f"?{parts.query}" if _NUMBER.match(parts.query) else ""
    return unquote(parts.path).rstrip("/") + query


def path_and_query(address: str) -> str:
    """What a reader's browser asked for at an address of the web; empty for any other address."""
    parts = parts_of(address)
    if parts.scheme not in ("http", "https", "") or not (parts.netloc or parts.path.startswith("/")):
        return ""
    return (unquote(parts.path) or "/") + (f"?{parts.query}" if parts.query else "")


def is_picture(address: str) -> bool:
    """Whether an address looks like that of a picture that we can take."""
    return parts_of(address).path.lower().endswith(PICTURES)


def sizes_of(address: str) -> list[str]:
    """An address of a picture, and those of the whole picture that it may be a smaller size of."""
    bare = re.sub(r"[?#].*", "", address)
    return list(dict.fromkeys([address, bare, _SIZE.sub("", bare)]))
