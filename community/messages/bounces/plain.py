"""Free texts of mail servers: which recipients they name, and what they say of each."""

import re

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'=/]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# Where the mail that came back begins: nothing after this is about a recipient.
_ORIGINAL = re.compile(
    r"^\W*(original message|this is a copy of (the|your) message|below this line is a copy|returned message"
    r"|the header of the original|header of (your|the) (original )?message|copy of (the|your) message"
    r"|the original message (follows|headers)|your (original )?message (follows|headers|reads)|unsent message"
    r"|message headers? follow|original headers|begin (of )?(the )?(original|returned)|message text follows"
    r"|included is a copy|first \d+ lines? of|received: (from|by) )",
    re.I | re.M,
)
_NAMES_FAILED = re.compile(
    r"^\s*(?:[45]\d\d )?\"?(<[^<>\s]+@[^<>\s]+>|[^\s<>:,;]+@[^\s<>:,;]+?)\"?\s*(:|$|\.\.\.|\[|\(|- |;|,|\s{2,}|\s\S)",
    re.M,
)
_RECIPIENT = re.compile(
    r"(?:rcpt to|recipient(?: address)?|(?:mail|message) to)\s*:?\s*<?([^\s<>]+@[^\s<>]+?)>?[.,:]?\s", re.I
)
_CODE = re.compile(r"[45]\d\d <")
_NEAR = 800


def told_in(text: str, named: list[str]) -> list[tuple[str, str]]:
    """Each recipient that a server names with the words that follow it; `named` are known to have failed."""
    own = _own_words(text)
    places = [(found.start(), found[0].lower()) for found in _ADDRESS.finditer(own)]
    failed = named or _that_failed(own, [address for _at, address in places])
    return [(address, _words_of(address, failed, own, places)) for address in failed]


def _own_words(text: str) -> str:
    found = _ORIGINAL.search(text)
    return text[: found.start()] if found and found.start() > 20 else text


def _that_failed(own: str, addresses: list[str]) -> list[str]:
    """Addresses that begin a line; where none does, the one that the text speaks of first."""
    listed = [found[1].strip("<>").lower().rstrip(".") for found in _NAMES_FAILED.finditer(own)]
    listed = [address for address in dict.fromkeys(listed) if _ADDRESS.fullmatch(address)]
    named = [found[1].lower() for found in _RECIPIENT.finditer(own)]
    return listed or [address for address in dict.fromkeys(named) if _ADDRESS.fullmatch(address)] or addresses[:1]


def _words_of(address: str, failed: list[str], own: str, places: list[tuple[int, str]]) -> str:
    """From the first time an address is named to the next recipient; all of it where it is named alone."""
    if len(failed) == 1:
        return own
    begins = next((at for at, found in places if found == address), 0)
    line_begins = own.rfind("\n", 0, begins) + 1
    if _CODE.match(own, line_begins):
        return own[line_begins:].partition("\n")[0]
    others = [at for at, found in places if at > begins and found in failed and found != address]
    return own[begins : min([begins + _NEAR, *others])]
